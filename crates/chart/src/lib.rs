//! Figures from plain series, as SVG and PNG, light and dark.
