import { formatDuration, plural } from '../../../report/format.js';
import type { Output } from '../../output.js';
import { renderLineStatus } from '../../views/image-matrix.js';
import { labelled } from '../lines.js';
import type { Audit } from './audit.js';
import { earlier, mostAttempts } from './cast.js';
import type { CloudRecord } from './cloud-record.js';
import { copyRegion } from './fleet.js';

export interface Summary {
  record: CloudRecord;
  audit: Audit;
  /** Milliseconds that it all took, of the clock on the wall and of the sandbox's. */
  took: { real: number; sandbox: number };
  killed: boolean;
  /** Name of the parameter. */
  tracker: string;
}

/** The end of the demo: the matrix, as `nightshift images status` shows it, and what the cloud says of it. */
export function renderSummary(summary: Summary, output: Output): string {
  const { record, audit, took, killed } = summary;
  const { paint, columns } = output;
  return [
    paint.bold('Done'),
    '',
    renderLineStatus(record.status, { columns, colours: paint, now: Date.now() }),
    '',
    ...labelled(
      'Time',
      `${formatDuration(took.real)}, in which ${formatDuration(took.sandbox)} went by in the sandbox`,
      output,
    ),
    ...labelled('Once', onceOf(summary), output),
    ...labelled('Copies', copiesOf(summary), output),
    ...labelled('Known', knownOf(summary), output),
    ...labelled('Held', heldOf(summary), output),
    ...labelled('Tracker', trackerOf(summary), output),
    ...labelled('Quiet', quietOf(summary), output),
    ...(killed ? [] : labelled(paint.red('problem'), 'no worker was killed', output)),
    ...audit.problems.flatMap((problem) => labelled(paint.red('problem'), problem, output)),
  ].join('\n');
}

function onceOf({ record, audit, killed }: Summary): string {
  const { cells } = record;
  const builds = cells.reduce((sum, cell) => sum + cell.builds.length, 0);
  const starts = cells.reduce((sum, { starts }) => sum + starts, 0);
  if (audit.problems.length > 0)
    return `no: what the line says and what the cloud saw differ; CodeBuild has ${builds} builds`;
  return (
    `yes: each of ${audit.built.length} images was built once${killed ? ', killed worker or not' : ''}. ` +
    `CodeBuild has ${plural(builds, 'build')}, begun by ${plural(starts, 'StartBuild call')}: ` +
    `${audit.built.length} made an image, ${audit.mended} failed and was made good by the next, ` +
    `${builds - audit.built.length - audit.mended} are of images that are held.`
  );
}

function copiesOf({ record, audit }: Summary): string {
  const copies = audit.built.flatMap((cell) => cell.copies);
  const left = record.orphans.length;
  return (
    `${copies.length} in ${copyRegion}, for ${audit.built.length} images; ` +
    (left === 0 ? 'no snapshot is left without an image' : `${plural(left, 'snapshot')} left over`)
  );
}

function knownOf({ audit }: Summary): string {
  const builds = audit.there.reduce((sum, cell) => sum + cell.builds.length, 0);
  return (
    `${plural(audit.there.length, 'image')} of ${earlier.tagged} by the tags that another tool gave them; ` +
    (builds === 0 ? 'none was built again' : `${builds} were built again`)
  );
}

function heldOf({ audit }: Summary): string {
  const oses = [...new Set(audit.held.map(({ os }) => os))].join(', ');
  return `${plural(audit.held.length, 'image')} on ${oses}, each after ${mostAttempts} attempts; the other OSes have theirs`;
}

function trackerOf({ record, tracker }: Summary): string {
  const built = record.status.cells.filter(({ state }) => state === 'built').length;
  return `${tracker} in SSM has ${record.tracked} of ${built}, with their copies`;
}

function quietOf({ record }: Summary): string {
  const { started, unchanged } = record.last;
  if (started.length > 0) return `no: a last check has set ${started.length} more to be built`;
  return (
    `yes: a last check found nothing new${unchanged ? ', for one small request to the mirror' : ''}; ` +
    `what is held is left alone until somebody releases it`
  );
}
