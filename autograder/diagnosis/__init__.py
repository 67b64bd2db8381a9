"""From failed checks and behaviour to named misconceptions, each with a counterexample."""
