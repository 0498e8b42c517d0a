/** Names that may stand in a date, in lower case; each list's index is what the name means. */
const weekdays = [
  ['mon', 'monday'],
  ['tue', 'tuesday'],
  ['wed', 'wednesday'],
  ['thu', 'thursday'],
  ['fri', 'friday'],
  ['sat', 'saturday'],
  ['sun', 'sunday'],
];
const months = [
  ['jan', 'january'],
  ['feb', 'february'],
  ['mar', 'march'],
  ['apr', 'april'],
  ['may'],
  ['jun', 'june'],
  ['jul', 'july'],
  ['aug', 'august'],
  ['sep', 'sept', 'september'],
  ['oct', 'october'],
  ['nov', 'november'],
  ['dec', 'december'],
];
const units = [
  ['h', 'hour', 'hours'],
  ['m', 'minute', 'minutes'],
  ['s', 'second', 'seconds'],
];
const halves = [
  ['am', 'a'],
  ['pm', 'p'],
];
const fillers = new Set([
  ' ',
  '.',
  ',',
  ';',
  '-',
  '/',
  "'",
  'at',
  'on',
  'and',
  'ad',
  'm',
  't',
  'of',
  'st',
  'nd',
  'rd',
  'th',
]);

function lookup(names: readonly (readonly string[])[], first = 0) {
  const meanings = new Map(
    names.flatMap((aliases, index) => aliases.map((alias) => [alias, index + first] as const)),
  );
  return (token: string | undefined) => meanings.get(token?.toLowerCase() ?? '');
}

/** 0 is Monday. */
export const weekdayOf = lookup(weekdays);
/** 1 is January. */
export const monthOf = lookup(months, 1);
/** 0 hours, 1 minutes, 2 seconds. */
export const unitOf = lookup(units);
/** 0 before noon, 1 after. */
export const halfOf = lookup(halves);

export function isFiller(token: string | undefined): boolean {
  return token !== undefined && fillers.has(token.toLowerCase());
}

const utcNames = new Set(['UTC', 'GMT', 'Z', 'z']);

export function isUtcName(token: string): boolean {
  return utcNames.has(token) || ['utc', 'gmt'].includes(token.toLowerCase());
}

export function looksLikeZone(token: string): boolean {
  return /^[A-Z]{1,5}$/.test(token) || utcNames.has(token);
}
