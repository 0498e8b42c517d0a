import { condition, defineQuery, setHandler } from '@temporalio/workflow';

/** A line as far as its tracker asks for it. */
export async function recordedLine(record: object): Promise<void> {
  setHandler(defineQuery<object>('record'), () => record);
  await condition(() => false);
}
