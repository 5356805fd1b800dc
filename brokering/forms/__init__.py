"""The shape of what people answer and decide: plain forms, one module for each kind of reader."""
