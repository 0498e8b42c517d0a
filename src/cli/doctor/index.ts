import type { Command } from 'commander';
import { serverDoctor } from '../../temporal/index.js';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { wrapText } from '../../report/wrap-text.js';
import type { Check } from './check.js';
import { configChecks } from './config-checks.js';

interface DoctorFlags {
  config?: string;
  json?: boolean;
}

/** `nightshift doctor` */
export function doctorCommand(parent: Command, output: Output): void {
  parent
    .command('doctor')
    .description(
      'say which server, credentials, accounts and regions there are, and what is missing',
    )
    .option('--config <file>', 'nightshift.yaml to read (default: the one in this folder)')
    .option('--json', 'print JSON, alone on stdout')
    .action(async ({ config, json }: DoctorFlags) => {
      const checks = await allChecks(config);
      if (json) printJson(output, { ok: checks.every(isFine), checks });
      else output.print(renderChecks(checks, output));
      process.exitCode = exitCodeOfChecks(checks);
    });
}

async function allChecks(path: string | undefined): Promise<Check[]> {
  const { checks, loaded } = await configChecks(path);
  // Loads the AWS SDK, which only this needs.
  const { awsChecks } = await import('./aws-checks.js');
  const [server, aws] = await Promise.all([
    serverDoctor({ temporal: loaded?.config.temporal }),
    awsChecks(loaded?.config),
  ]);
  const found = server.some(({ name, ok }) => name === 'Namespace' && ok);
  const onServer = server.map((check): Check => {
    // With a server at hand, nothing has to start one.
    const matters = !check.ok && !(found && check.name === 'Temporal CLI');
    return matters ? { ...check, exitCode: exitCodes.noServer } : check;
  });
  return [...onServer, ...checks, ...aws];
}

function isFine({ exitCode }: Check): boolean {
  return exitCode === undefined;
}

/** What has to be mended first: the file, then the server, then the credentials. */
export function exitCodeOfChecks(checks: readonly Check[]): number {
  const codes = new Set(checks.map(({ exitCode }) => exitCode));
  const order = [exitCodes.usage, exitCodes.noServer, exitCodes.noAccess, exitCodes.failed];
  return order.find((code) => codes.has(code)) ?? exitCodes.done;
}

function renderChecks(checks: readonly Check[], { columns, paint }: Output): string {
  const width = Math.min(32, Math.max(...checks.map(({ name }) => name.length)));
  const lines = checks.flatMap((check) => {
    const mark = check.ok
      ? paint.green('ok    ')
      : isFine(check)
        ? paint.dim('-     ')
        : paint.red('failed');
    const text = (content: string) => wrapText(content, Math.max(30, columns - width - 10));
    const name = check.name.padEnd(width);
    const indent = ' '.repeat(8 + width);
    const [first = '', ...more] = text(check.detail);
    const mend = check.mend === undefined ? [] : text(`→ ${check.mend}`);
    return [
      `${mark}  ${paint.bold(name)}  ${first}`,
      ...[...more, ...mend].map((line) => `${indent}  ${line}`),
    ];
  });
  const wrong = checks.filter((check) => !isFine(check)).length;
  const sum =
    wrong === 0
      ? paint.green('All is well.')
      : paint.red(`${wrong} of ${checks.length} checks failed.`);
  return [...lines, '', sum].join('\n');
}
