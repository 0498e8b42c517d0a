import { idOf, type GitlabCall, type GitlabReply } from '../call.js';
import { traceOf } from '../pipelines/trace.js';
import { badRequest, notFound } from '../refusal.js';
import { showJob } from '../show.js';
import { baseOf } from './create-pipeline.js';

export function getJob(call: GitlabCall): GitlabReply {
  const { pipeline, job } = call.project.job(idOf(call));
  return {
    json: showJob(call.project, pipeline, job, baseOf(call)),
    subject: String(job.id),
  };
}

/** The log so far. GitLab takes no heed of a range; a proxy before it may. */
export function getTrace(call: GitlabCall): GitlabReply {
  const { pipeline, job } = call.project.job(idOf(call));
  const bytes = Buffer.from(traceOf(pipeline, job, call.now));
  const headers = { 'content-type': 'text/plain' };
  const range = /^bytes=(\d+)-(\d*)$/.exec(call.request.headers['range'] ?? '');
  const subject = String(job.id);
  if (!range || !call.gitlab.settings.traceRanges) return { bytes, headers, subject };
  const from = Number(range[1]);
  const size = `bytes */${bytes.length}`;
  if (from >= bytes.length)
    return {
      status: 416,
      bytes: Buffer.alloc(0),
      headers: { ...headers, 'content-range': size },
      subject,
    };
  const part = bytes.subarray(from, range[2] === '' ? undefined : Number(range[2]) + 1);
  const shown = `bytes ${from}-${from + part.length - 1}/${bytes.length}`;
  return { status: 206, bytes: part, headers: { ...headers, 'content-range': shown }, subject };
}

/** One file of a job's artifacts. */
export function getArtifact(call: GitlabCall): GitlabReply {
  const { job } = call.project.job(idOf(call));
  const text = job.artifacts.get(call.params['path'] ?? '');
  if (text === undefined) throw notFound();
  const headers = { 'content-type': 'application/octet-stream' };
  return { bytes: Buffer.from(text), headers, subject: String(job.id) };
}

export function playJob(call: GitlabCall): GitlabReply {
  const { pipeline, job } = call.project.job(idOf(call));
  if (!call.project.lifecycle.play(pipeline, job, call.now))
    throw badRequest('400 Bad request - Unplayable Job');
  return { ...getJob(call), effective: true };
}
