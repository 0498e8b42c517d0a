import { parseDuration } from '../duration.js';

/**
 * Checks cron text by the grammar of Temporal's own scheduler (`service/worker/scheduler/calendar.go`
 * of temporalio/temporal): other cron parsers take things that it refuses (`L`, `?`, `5#2`) and refuse
 * things that it takes (years, `@every 90m/15m`). Returns what is wrong, or undefined.
 */
export function cronProblem(expression: string): string | undefined {
  if (/^\s*(CRON_)?TZ=/.test(expression)) return 'must not hold a time zone: timeZone says it';
  // Temporal takes 5#2 for Friday and a comment, so every Friday, where other crons mean the second.
  if (/\S#/.test(expression))
    return 'must have a space before the # of a comment; 5#2 is not known';
  const text = (expression.split('#')[0] ?? '').trim();
  if (text.startsWith('@every')) return everyProblem(text);
  if (text.startsWith('@')) {
    return shorthands.includes(text)
      ? undefined
      : `must be one of ${shorthands.join(', ')}, or fields`;
  }
  const values = text.split(/\s+/);
  const layout = layouts[values.length];
  if (text === '' || !layout) {
    return 'must have five fields (minute, hour, day of month, month, day of week), six with a year, or seven with seconds first; or be a shorthand such as @daily';
  }
  for (const [index, field] of layout.entries()) {
    const problem = fieldProblem(values[index] ?? '', field);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const shorthands = [
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
];

interface Field {
  name: string;
  min: number;
  max: number;
  /** Names of values, the first standing for `firstName`; Temporal takes any prefix of `shortest` letters. */
  names?: { words: readonly string[]; first: number; shortest: number };
}

const months =
  'january february march april may june july august september october november december';
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday';

const second: Field = { name: 'second', min: 0, max: 59 };
const year: Field = { name: 'year', min: 2000, max: 2100 };
const fiveFields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: { words: months.split(' '), first: 1, shortest: 3 } },
  {
    name: 'day of week',
    min: 0,
    max: 7,
    names: { words: weekdays.split(' '), first: 0, shortest: 2 },
  },
];

const layouts: Partial<Record<number, readonly Field[]>> = {
  5: fiveFields,
  6: [...fiveFields, year],
  7: [second, ...fiveFields, year],
};

function fieldProblem(text: string, field: Field): string | undefined {
  const ok = text.split(',').every((part) => partFits(part, field));
  if (ok) return undefined;
  const names = field.names
    ? `, names such as ${field.names.words[field.names.first]?.slice(0, 3) ?? ''}`
    : '';
  return `must have as its ${field.name} *, ${field.min}-${field.max}${names}, a range a-b, a step */n or a list of these; "${text}" is none`;
}

function partFits(part: string, field: Field): boolean {
  const [range = '', step, ...moreSteps] = part.split('/');
  if (moreSteps.length > 0 || (step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0))) {
    return false;
  }
  if (range === '*') return true;
  const bounds = range.split('-').map((text) => valueOf(text, field));
  const [from, to = from] = bounds;
  return bounds.length <= 2 && from !== undefined && to !== undefined && from <= to;
}

function valueOf(text: string, { names, min, max }: Field): number | undefined {
  if (names && text.length >= names.shortest) {
    const index = names.words.findIndex((word) => word.startsWith(text.toLowerCase()));
    if (index >= 0) return index + names.first;
  }
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

function everyProblem(text: string): string | undefined {
  const allowed =
    'must be written as @every 90m, or @every 90m/15m to start a quarter of an hour in';
  const [, interval, phase = '0s'] = /^@every ([^/\s]+)(?:\/(\S+))?$/.exec(text) ?? [];
  if (interval === undefined) return allowed;
  try {
    const length = parseDuration(interval);
    if (length < 1000) return 'must have an interval of at least 1s';
    return parseDuration(phase) < length
      ? undefined
      : 'must have a phase shorter than its interval';
  } catch {
    return allowed;
  }
}
