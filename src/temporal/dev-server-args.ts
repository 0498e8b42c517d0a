export interface DevServerSettings {
  port: number;
  /** Absent: no web pages. */
  uiPort?: number | undefined;
  namespace: string;
  /** SQLite file that holds all state. */
  database: string;
}

/**
 * Limits that guard a shared cluster and only slow a private one down. Their defaults are found in
 * `common/dynamicconfig/constants.go` of temporalio/temporal 1.29: 2,400 requests a second, 10 of them
 * visibility's (100 in the CLI), 1,200 long polls at once.
 */
const limits: Record<string, number> = {
  'frontend.rps': 50_000,
  'frontend.namespaceRPS': 50_000,
  'frontend.namespaceRPS.visibility': 1000,
  'frontend.namespaceCount': 10_000,
  'history.rps': 50_000,
  'matching.rps': 50_000,
  'frontend.persistenceMaxQPS': 50_000,
  'history.persistenceMaxQPS': 100_000,
  'matching.persistenceMaxQPS': 50_000,
  'worker.persistenceMaxQPS': 10_000,
};

/**
 * With a write-ahead log a commit waits for no disk; `synchronous=NORMAL` then still survives the death of
 * the process whole, and a power cut with the last moments lost (sqlite.org/pragma.html#pragma_synchronous).
 */
const pragmas = ['journal_mode=WAL', 'synchronous=NORMAL'];

/** Arguments of `temporal` that start a development server. */
export function devServerArgs(settings: DevServerSettings): string[] {
  const ui =
    settings.uiPort === undefined ? ['--headless'] : ['--ui-port', String(settings.uiPort)];
  return [
    ...['server', 'start-dev'],
    ...['--ip', '127.0.0.1', '--port', String(settings.port), ...ui],
    ...['--namespace', settings.namespace, '--db-filename', settings.database],
    ...['--log-level', 'error', '--log-format', 'json'],
    ...pragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...Object.entries(limits).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${value}`,
    ]),
  ];
}
