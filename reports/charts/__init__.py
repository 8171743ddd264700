"""One module per chart: `draw` gives a `frame.Drawing`. The look is in `finance.mplstyle` alone."""
