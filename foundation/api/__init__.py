"""What every endpoint shares: problems, strict parameters, pages, formats, caching."""
