"""The design system: its parts, its refusals, its way round."""
