import type { Command } from 'commander';
import type { ScheduleListing } from '../../client/index.js';
import { exitCodes } from '../exit.js';
import { type Output, printJson } from '../output.js';
import { withSession } from '../session.js';
import { renderTable } from '../views/table.js';
import { type ScheduleFlags, addScheduleFlags } from './schedule-command.js';

/** `nightshift schedule list` */
export function listCommand(parent: Command, output: Output): void {
  addScheduleFlags(parent.command('list').description('show the schedules on the server')).action(
    async (flags: ScheduleFlags) => {
      process.exitCode = await withSession(flags, async ({ nightshift }) => {
        const schedules: ScheduleListing[] = [];
        for await (const schedule of nightshift.schedules.list()) schedules.push(schedule);
        schedules.sort((a, b) => a.name.localeCompare(b.name, 'en'));
        if (flags.json) printJson(output, schedules);
        else if (schedules.length === 0)
          output.say('there are no schedules; `nightshift schedule apply` puts them there');
        else
          output.print(
            renderTable(['NAME', 'STATE', 'CRON', 'TIME ZONE', 'NEXT (UTC)'], schedules.map(row)),
          );
        return exitCodes.done;
      });
    },
  );
}

function row({ name, paused, running, cron, timeZone, next }: ScheduleListing): string[] {
  const state = paused ? 'paused' : running > 0 ? 'running' : 'waiting';
  const first = paused ? undefined : next[0];
  return [
    name,
    state,
    cron.join(' | '),
    timeZone,
    first === undefined ? '-' : first.slice(0, 16).replace('T', ' '),
  ];
}
