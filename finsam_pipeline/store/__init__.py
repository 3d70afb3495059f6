"""The workspace on disk and the operational store: the only room that writes."""
