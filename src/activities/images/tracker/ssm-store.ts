import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { NightshiftError } from '../../../domain/errors.js';
import { type LineName, lineKey } from '../../../domain/images/cell.js';
import {
  type PartsHead,
  byteLength,
  cut,
  partsHead,
  readPartsHead,
} from '../../../domain/images/tracker/parts.js';
import { type StoredParameter, SsmParameters } from './ssm-parameters.js';
import { SsmParts } from './ssm-parts.js';
import type { TrackerStore } from './store.js';

/** Bytes of a parameter of the advanced tier, and of one that costs nothing. */
const largest = 8_192;
const standard = 4_096;
/** How often a tracker is read again that is replaced meanwhile, and after how many milliseconds. */
const readings = 10;
const pause = 300;

export interface SsmStoreOptions {
  ssm: SSMClient;
  parameter: string;
  region: string;
  line: LineName;
  /** Whether what is too large for one parameter may be kept in several. */
  inParts: boolean;
  signal: AbortSignal;
}

/** What a look finds; `text` is absent where a part is missing. */
interface Found {
  parameter: StoredParameter;
  head?: PartsHead;
  text?: string;
}

/**
 * A tracker in an SSM parameter, which is replaced at once. One that is too large for that is kept in parts, each written
 * once and never changed: the parts first, then the parameter itself, which names them, then parts of before the last
 * one are deleted. Who has read the names while a new tracker took their place still finds them.
 */
export class SsmStore implements TrackerStore {
  readonly name: string;
  private readonly parameters: SsmParameters;
  private readonly parts: SsmParts;

  constructor(private readonly options: SsmStoreOptions) {
    const { ssm, parameter, region, signal } = options;
    this.name = `SSM parameter ${parameter} in ${region}`;
    this.parameters = new SsmParameters(ssm, signal);
    this.parts = new SsmParts(this.parameters, parameter);
  }

  async read(): Promise<string | undefined> {
    const found = await this.find();
    if (!found || found.text !== undefined) return found?.text;
    throw new NightshiftError('AwsUnavailable', `${this.name}: a part of the tracker is missing`, {
      hint: 'it is written anew with the next image',
      retryable: true,
    });
  }

  async write(text: string, check: (there: string) => void): Promise<void> {
    const found = await this.find();
    if (found?.text === text) return;
    if (found?.text !== undefined) check(found.text);
    const generation = found?.head?.generation ?? 0;
    if (byteLength(text) <= largest) {
      await this.put(text, found);
      if (generation > 0) await this.parts.sweep(generation, []);
      return;
    }
    if (!this.options.inParts) throw this.tooLarge(text);
    const pieces = cut(text, standard);
    const type = found?.parameter.type ?? 'String';
    const written = await this.parts.write(pieces, generation + 1, type);
    const head = partsHead({ ...this.options.line, ...written, sha256: sha256Of(text) });
    if (byteLength(head) > largest) throw this.tooLarge(text);
    await this.put(head, found);
    await this.parts.sweep(written.generation, [generation, written.generation], pieces.length);
  }

  /** A tracker that is replaced while its parts are read is read again. */
  private async find(): Promise<Found | undefined> {
    for (let reading = 1; ; reading += 1) {
      const parameter = await this.parameters.get(this.options.parameter);
      if (!parameter) return undefined;
      const head = readPartsHead(parameter.value);
      if (!head) return { parameter, text: parameter.value };
      this.checkHead(head);
      const text = await this.parts.read(head.parts);
      if (text !== undefined && sha256Of(text) === head.sha256) return { parameter, head, text };
      if (reading === readings) return { parameter, head };
      await delay(pause, undefined, { signal: this.options.signal });
    }
  }

  /** What another attempt of this has written meanwhile is not written over: it may be newer. */
  private async put(value: string, found: Found | undefined): Promise<void> {
    const { parameter } = this.options;
    const now = await this.parameters.get(parameter);
    if (now?.version !== found?.parameter.version)
      throw new NightshiftError(
        'TargetBusy',
        `${this.name} has been written by another meanwhile`,
        {
          retryable: true,
        },
      );
    await this.parameters.put(parameter, value, found?.parameter.type ?? 'String');
  }

  private checkHead(head: PartsHead): void {
    const { line } = this.options;
    if (lineKey(head) === lineKey(line)) return;
    throw new NightshiftError(
      'InvalidInput',
      `${this.name}: it is the tracker of ${lineKey(head)}, not of ${lineKey(line)}`,
      { hint: 'give each line and channel a tracker of its own' },
    );
  }

  private tooLarge(text: string): NightshiftError {
    return new NightshiftError(
      'InvalidInput',
      `${this.name}: the tracker has ${byteLength(text)} bytes, more than it can hold`,
      { hint: 'keep it in a secure file of GitLab, in the format json, or prune the line' },
    );
  }
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
