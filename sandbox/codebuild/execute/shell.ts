import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { maxMessageBytes } from '../behaviour.js';
import { kill, killLeftovers } from './leftovers.js';
import { LineSplitter } from './line-splitter.js';

export interface ShellOptions {
  /** `/bin/sh` */
  program: string;
  /** The whole environment of what it runs. */
  env: Readonly<Record<string, string>>;
  directory: string;
  /** Where commands are written down, to be read by the shell. */
  scripts: string;
  /** What it writes, standard error among it. */
  onMessages: (messages: string[]) => void;
}

/**
 * A shell that runs the commands of a build one by one. "CodeBuild runs all build commands in the same instance of the
 * default shell" (guide, buildspec version 0.2): what one sets, the next sees. A command that ends the shell is
 * followed by a new one.
 */
export class BuildShell {
  private readonly mark = `[${randomUUID()}]`;
  private child: ChildProcess | undefined;
  private closed: Promise<void> = Promise.resolve();
  private answer: ((exitStatus: number) => void) | undefined;
  private isEnded = false;
  private count = 0;
  private readonly exports = new Map<string, string>();

  constructor(private readonly options: ShellOptions) {}

  /** Runs a command, and gives its exit status; 128 + the signal's number when a signal ended it. */
  async run(command: string): Promise<number> {
    const script = join(this.options.scripts, `${++this.count}.sh`);
    await writeFile(script, `${command}\n`);
    if (this.isEnded) return killedStatus;
    const child = (this.child ??= this.start());
    return new Promise((resolve) => {
      this.answer = resolve;
      // The shell's own output stays at hand as 9, whatever a command does to 1.
      child.stdin?.write(
        `. ${quoted(script)} </dev/null; printf '%s%s\\n' '${this.mark}' "$?" >&9\n`,
      );
    });
  }

  /** Sets a variable for the commands to come. */
  export(name: string, value: string): void {
    this.exports.set(name, value);
    this.child?.stdin?.write(`export ${name}=${quoted(value)}\n`);
  }

  /** Kills the shell and all that it started; resolves once all they wrote was handed on. */
  async end(): Promise<void> {
    this.isEnded = true;
    if (this.child) await this.killAll(this.child);
    else await this.killLeftovers();
    await this.closed;
  }

  /** Kills a shell and all that it started, so that nothing holds its output open. */
  private async killAll(child: ChildProcess): Promise<void> {
    if (child.pid !== undefined) kill(-child.pid);
    await this.killLeftovers();
    // Where those that left the group can't be found, their output is given up.
    const giveUp = setTimeout(() => child.stdout?.destroy(), drainMilliseconds);
    child.once('close', () => clearTimeout(giveUp));
    await this.closed;
    clearTimeout(giveUp);
  }

  private killLeftovers(): Promise<void> {
    return killLeftovers(`CODEBUILD_BUILD_ID=${this.options.env['CODEBUILD_BUILD_ID'] ?? ''}`);
  }

  private start(): ChildProcess {
    const { program, env, directory, onMessages } = this.options;
    const child = spawn(program, [], {
      cwd: directory,
      env: { ...env, ...Object.fromEntries(this.exports) },
      // A group of its own, to be killed as a whole.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const splitter = new LineSplitter(maxMessageBytes, this.mark, onMessages, (status) =>
      this.respond(status),
    );
    child.stdout.on('data', (chunk: Buffer) => splitter.push(chunk));
    // A shell that has ended takes no more commands; its exit says so.
    child.stdin.on('error', () => undefined);
    child.stdin.write('exec 9>&1 2>&1\n');
    let status = 127;
    child.once('exit', (code, signal) => {
      status = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      // Those that it leaves behind would keep its output open.
      void this.killAll(child);
    });
    this.closed = new Promise((resolve) => {
      const finish = () => {
        splitter.flush();
        if (this.child === child) this.child = undefined;
        this.respond(status);
        resolve();
      };
      child.once('close', finish);
      child.once('error', finish);
    });
    return child;
  }

  private respond(status: number): void {
    const { answer } = this;
    this.answer = undefined;
    answer?.(status);
  }
}

/** 128 + SIGKILL. */
const killedStatus = 137;
/** Real time. */
const drainMilliseconds = 5000;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
