import { nearest } from './nearest.js';

/** Checks an IANA time zone. Returns what is wrong, or undefined. */
export function timeZoneProblem(name: string): string | undefined {
  const allowed = 'must be an IANA time zone such as Australia/Melbourne or UTC';
  const zones = Intl.supportedValuesOf('timeZone');
  const sameLetters = zones.find((zone) => zone.toLowerCase() === name.toLowerCase());
  // Intl takes any case and offsets such as +10:00; Temporal loads a zone by its exact name.
  if (sameLetters === name) return undefined;
  const suggestion = sameLetters ?? nearest(name, zones);
  const problem = suggestion === undefined ? allowed : `${allowed}; did you mean ${suggestion}?`;
  if (sameLetters !== undefined || /^[+-]/.test(name)) return problem;
  try {
    // Old names (US/Pacific) are not listed, yet known to both.
    new Intl.DateTimeFormat('en', { timeZone: name });
    return undefined;
  } catch {
    return problem;
  }
}
