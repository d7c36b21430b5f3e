WIDTHS = (0.5, 1.0)
