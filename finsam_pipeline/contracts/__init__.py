"""What every source, rule and mart looks like: declarations that everything else is derived from."""
