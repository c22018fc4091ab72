"""What the rules of `shapes/` find: decided, told, indexed, reported, compared and judged."""
