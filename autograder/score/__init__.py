"""From results to points: evidence, gates, categories, levels."""
