import type { HttpAnswer } from './http.js';
import { parseAnswer } from './http.js';
import { type Job, jobAnswerSchema, optionalText } from './job.js';
import { type AgentSession, switchSchema, switched } from './session.js';

/** What Buildkite wants of an agent that asked. */
export interface PingAnswer {
  /** What to do about jobs to come; `idle` is to go on as before. */
  action: 'idle' | 'pause' | 'disconnect';
  message?: string;
  /** A job that is handed out; it is the agent's once it has accepted it. */
  job?: Job;
  /** The session from now on: its endpoint and headers may have changed. */
  session: AgentSession;
}

const pingSchema = switchSchema.extend({
  action: optionalText,
  message: optionalText,
  job: jobAnswerSchema.nullish(),
});

export function pingAnswerOf(answer: HttpAnswer, session: AgentSession): PingAnswer {
  const { action, message, job, ...to } = parseAnswer(pingSchema, answer, 'Ping');
  return {
    // An action that is not known yet changes nothing.
    action: action === 'pause' || action === 'disconnect' ? action : 'idle',
    ...(message === undefined ? {} : { message }),
    ...(job === undefined || job === null ? {} : { job }),
    session: switched(session, to, answer.headers),
  };
}
