/** Marks a style sheet for editors and formatters; its backslashes are CSS's own. */
export const css = String.raw;
