import { invalidToken } from './action.js';

/**
 * Where a reader of one stream stands. CloudWatch Logs writes it as a direction and a long number, and so does the
 * sandbox: serial of the stream, time of issue, position, attempt.
 */
export interface EventsToken {
  direction: 'forward' | 'backward';
  /** Number of the stream that it is for. */
  serial: number;
  /** Whole sandbox ms. */
  issuedAt: number;
  /** Forward: index of the event that comes next. Backward: the index behind the one that comes next. */
  position: number;
  /** How many empty pages were answered at this position. */
  attempt: number;
}

const pattern = /^([fb])\/(\d{10})(\d{15})(\d{12})(\d{6})$/;

export function writeToken(token: EventsToken): string {
  const letter = token.direction === 'forward' ? 'f' : 'b';
  const { serial, issuedAt, position, attempt } = token;
  return `${letter}/${digits(serial, 10)}${digits(issuedAt, 15)}${digits(position, 12)}${digits(attempt, 6)}`;
}

/** @throws AwsError when it is no token */
export function readToken(text: string): EventsToken {
  const [, letter, serial, issuedAt, position, attempt] = pattern.exec(text) ?? [];
  if (letter === undefined) throw invalidToken();
  return {
    direction: letter === 'f' ? 'forward' : 'backward',
    serial: Number(serial),
    issuedAt: Number(issuedAt),
    position: Number(position),
    attempt: Number(attempt),
  };
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
