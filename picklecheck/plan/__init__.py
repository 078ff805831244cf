"""What is to be checked: targets and scenarios, axes and cells, environments, shards."""
