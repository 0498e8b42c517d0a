import type { CellStatus, LineStatus } from '../../../src/domain/images/result.js';

export interface SampleOptions {
  versions?: number;
  oses?: readonly string[];
  architectures?: readonly string[];
}

export const sampleOses = ['al2023', 'el9', 'ubuntu-22.04', 'ubuntu-24.04'];

export function sampleImageId(version: number, column: number): string {
  return `ami-0${(version * 64 + column).toString(16).padStart(16, '0')}`;
}

/** A line in which every state and every reason for it is there: newest version first. */
export function sampleLine(options: SampleOptions = {}): LineStatus {
  const { versions = 6, oses = sampleOses, architectures = ['x86_64'] } = options;
  const columns = oses.flatMap((os) => architectures.map((arch) => ({ os, arch })));
  const cells: CellStatus[] = [];
  for (let version = 0; version < versions; version += 1)
    columns.forEach((column, index) => {
      const evr = `16.${versions - 1 - version}.0-1`;
      cells.push({ ...column, evr, ...standing(version, index) });
    });
  return {
    line: 'gitlab-runner',
    channel: 'release',
    product: 'gitlab-runner',
    cells,
    checkedAt: '2026-03-14T23:00:04.000Z',
    awaitingApproval: cells.filter(({ reason }) => reason === 'waits for approval').length,
  };
}

function standing(version: number, column: number): Omit<CellStatus, 'os' | 'arch' | 'evr'> {
  switch ((version * 7 + column * 3) % 23) {
    case 0:
      return { state: 'building' };
    case 3:
      return { state: 'missing' };
    case 7:
      return {
        state: 'missing',
        reason: 'build image-build:8f2 failed: packer build exited with status 1',
        link: 'https://console.example/builds/8f2',
        attempts: 1,
        nextTry: '2026-03-14T23:40:00.000Z',
      };
    case 10:
      return {
        state: 'held',
        reason:
          'build image-build:1c9 failed in phase BUILD: the playbook stopped at "install gitlab-runner": no package of this version for this release of the distribution',
        link: 'https://console.example/builds/1c9?a=1&b=2',
        attempts: 3,
      };
    case 14:
      return { state: 'missing', reason: 'waits for approval' };
    default:
      return { state: 'built', imageId: sampleImageId(version, column) };
  }
}
