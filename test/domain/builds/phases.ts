import type { BuildPhase } from '../../../src/domain/builds/result.js';

export const phaseOrder = [
  'SUBMITTED',
  'QUEUED',
  'PROVISIONING',
  'DOWNLOAD_SOURCE',
  'INSTALL',
  'PRE_BUILD',
  'BUILD',
  'POST_BUILD',
  'UPLOAD_ARTIFACTS',
  'FINALIZING',
] as const;
export type PhaseName = (typeof phaseOrder)[number];

/** The phases of a build that went well up to one, which ended as told; COMPLETED follows, without a status. */
export function phasesUpTo(type: PhaseName, status: string, message?: string): BuildPhase[] {
  const before = phaseOrder.slice(0, phaseOrder.indexOf(type));
  return [
    ...before.map((each) => ({ type: each, status: 'SUCCEEDED' })),
    { type, status, ...(message === undefined ? {} : { message }) },
    { type: 'COMPLETED' },
  ];
}
