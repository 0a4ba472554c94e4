mod all_variants;
mod chip_authentication;
mod example;
mod hostile;
mod values;
mod variant;
mod verdicts;
mod worked_examples;
