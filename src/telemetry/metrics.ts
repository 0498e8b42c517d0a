import type { MetricMeter } from '@temporalio/common';

/** Nightshift's own metrics, beside those of Temporal's SDK. `docs/operations.md` says which to alert on. */
export interface NightshiftMetrics {
  /** One attempt of an AWS call; retries count each. */
  readonly awsCall: (call: AwsCall) => void;
}

export interface AwsCall {
  /** As in the SDK client's name, in lower case: `cloudformation`. */
  service: string;
  /** As in AWS's API reference: `DeleteStack`. */
  action: string;
  outcome: 'ok' | 'throttled' | 'error';
}

/**
 * Instruments on Temporal's meter, so they leave by the exporter that the worker's own metrics take. Labels are of
 * few values by design: neither accounts nor stack names, whose number is the user's.
 */
export function nightshiftMetrics(meter: MetricMeter): NightshiftMetrics {
  const awsCalls = meter.createCounter(
    'nightshift_aws_calls_total',
    'call',
    'Attempts of AWS calls',
  );
  return {
    awsCall: ({ service, action, outcome }) => awsCalls.add(1, { service, action, outcome }),
  };
}
