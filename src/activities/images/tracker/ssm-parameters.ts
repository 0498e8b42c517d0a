import {
  DeleteParametersCommand,
  GetParameterCommand,
  GetParametersCommand,
  type ParameterType,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { awsErrorCode } from '../../../aws/errors.js';

/** Names that one call of GetParameters or DeleteParameters takes. */
export const namesPerCall = 10;

export interface StoredParameter {
  value: string;
  type: ParameterType;
  /** Counts up with each change. */
  version: number;
}

/** The parameters of one account and region, as far as trackers need them. */
export class SsmParameters {
  constructor(
    private readonly ssm: SSMClient,
    private readonly abortSignal: AbortSignal,
  ) {}

  async get(name: string): Promise<StoredParameter | undefined> {
    const { abortSignal } = this;
    try {
      const { Parameter: found } = await this.ssm.send(
        new GetParameterCommand({ Name: name, WithDecryption: true }),
        { abortSignal },
      );
      return {
        value: found?.Value ?? '',
        type: found?.Type ?? 'String',
        version: found?.Version ?? 0,
      };
    } catch (error) {
      if (awsErrorCode(error) === 'ParameterNotFound') return undefined;
      throw error;
    }
  }

  /** Those that are there, by their names; {@link namesPerCall} at most. */
  async some(names: readonly string[]): Promise<Map<string, string>> {
    const { Parameters: found = [] } = await this.ssm.send(
      new GetParametersCommand({ Names: [...names], WithDecryption: true }),
      { abortSignal: this.abortSignal },
    );
    return new Map(found.map(({ Name: name = '', Value: value = '' }) => [name, value]));
  }

  /** Creates it or puts another value in its place. Of the advanced tier, which costs, only when it has to be. */
  async put(name: string, value: string, type: ParameterType): Promise<void> {
    const input = { Name: name, Value: value, Type: type, Overwrite: true };
    await this.ssm.send(new PutParameterCommand({ ...input, Tier: 'Intelligent-Tiering' }), {
      abortSignal: this.abortSignal,
    });
  }

  /** False where it is there already with another value. */
  async create(name: string, value: string, type: ParameterType): Promise<boolean> {
    const input = { Name: name, Value: value, Type: type, Overwrite: false };
    try {
      await this.ssm.send(new PutParameterCommand({ ...input, Tier: 'Standard' }), {
        abortSignal: this.abortSignal,
      });
      return true;
    } catch (error) {
      if (awsErrorCode(error) !== 'ParameterAlreadyExists') throw error;
      // Ours, where the answer to the call was lost.
      return (await this.get(name))?.value === value;
    }
  }

  /** How many of these were there; {@link namesPerCall} at most. */
  async delete(names: readonly string[]): Promise<number> {
    const { DeletedParameters: deleted = [] } = await this.ssm.send(
      new DeleteParametersCommand({ Names: [...names] }),
      { abortSignal: this.abortSignal },
    );
    return deleted.length;
  }
}
