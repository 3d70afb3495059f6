"""One file a step. A step names its tables and columns itself, so that it does the same for ever."""
