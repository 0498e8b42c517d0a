const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

/** Matches a duration as people write it. */
export const durationPattern =
  /^(?=\d)(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;

/** What is said of text that is none. */
export const durationAllowed = 'must be a duration such as 250ms, 5s, 90m, 4h, 1d or 1h30m';

/**
 * Milliseconds of a duration: `parseDuration('1h30m')` is 5,400,000.
 * Throws a RangeError for text that is not one; text from outside goes through a schema first.
 */
export function parseDuration(text: string): number {
  const match = durationPattern.exec(text);
  if (match === null) throw new RangeError(`${JSON.stringify(text)} ${durationAllowed}`);
  return Object.values(units).reduce(
    (total, length, index) => total + Number(match[index + 1] ?? 0) * length,
    0,
  );
}

/** Writes milliseconds as {@link parseDuration} reads them, nothing rounded but parts of a millisecond. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds) || milliseconds < 0) {
    throw new RangeError(`a duration is not negative and has an end: ${milliseconds}`);
  }
  let rest = Math.round(milliseconds);
  let text = '';
  for (const [unit, length] of Object.entries(units)) {
    const count = Math.floor(rest / length);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * length;
  }
  return text === '' ? '0s' : text;
}
