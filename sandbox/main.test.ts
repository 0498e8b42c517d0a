import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { runSandbox } from './main.js';

function captured() {
  const lines: string[] = [];
  const errors: string[] = [];
  return {
    lines,
    errors,
    out: (line: string) => lines.push(line),
    error: (line: string) => errors.push(line),
  };
}

test('a sandbox says in one line where it is and what to export, and ends cleanly when told', async () => {
  const { lines, errors, out, error } = captured();
  let url = '';
  const ended = runSandbox({
    fleet: 'examples/fleet.yaml',
    port: 0,
    speed: 60,
    seed: 5,
    error,
    out: (line) => {
      out(line);
      url = /AWS_ENDPOINT_URL=(\S+)/.exec(line)?.[1] ?? '';
      // Listeners come right after this line.
      setTimeout(() => process.emit('SIGTERM', 'SIGTERM'), 50);
    },
  });
  expect(await ended).toBe(0);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('seed 5');
  expect(lines[0]).toContain('AWS_ACCESS_KEY_ID=000000000000');
  expect(errors).toEqual([]);
  await expect(fetch(`${url}/_sandbox/state`)).rejects.toThrow();
});

test('a fleet that cannot be read ends it with 2 and says which', async () => {
  const { errors, ...to } = captured();
  expect(await runSandbox({ fleet: 'nothing.yaml', port: 0, ...to })).toBe(2);
  expect(errors.join()).toContain('nothing.yaml: the fleet file cannot be read');
});

test('a port that is in use ends it with 2 and says which', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { errors, ...to } = captured();
  expect(await runSandbox({ fleet: 'examples/fleet.yaml', port, ...to })).toBe(2);
  expect(errors.join()).toContain(`port ${port} is in use`);
  await new Promise((resolve) => server.close(resolve));
});

test('a speed that time cannot have ends it with 2', async () => {
  const { errors, ...to } = captured();
  expect(await runSandbox({ fleet: 'examples/fleet.yaml', port: 0, speed: 0, ...to })).toBe(2);
  expect(errors.join()).toContain('speed must be above 0');
});
