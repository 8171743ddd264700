"""One module per sheet: `build` describes it, `checks` gives its lines of the Checks sheet."""
