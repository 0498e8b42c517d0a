import { formatDuration } from '../format.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Steps that people count in, from a tenth of a second to a day. */
const steps = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12, 24].map((n) => n * hour),
];

export interface TimeScale {
  /** Milliseconds between two ticks. */
  step: number;
  ticks: { offset: number; label: string }[];
}

/** Ticks for a stretch of time: as fine as `most` ticks allow, on a step that people count in. */
export function timeScale(length: number, most = 8): TimeScale {
  const days = Math.ceil(length / (24 * hour) / most) * 24 * hour;
  const step = steps.find((candidate) => length / candidate <= most) ?? days;
  const ticks = [];
  for (let offset = 0; offset <= length; offset += step) {
    ticks.push({ offset, label: offset === 0 ? '0' : formatDuration(offset) });
  }
  return { step, ticks };
}
