/** The text does not hold a date. Never leaves this folder. */
export class NotADate extends Error {}
