import { z } from 'zod';
import { httpUrl, textLike } from './fields.js';

/** Metrics and traces of a worker; neither when absent. */
export const telemetrySchema = z.strictObject({
  prometheus: textLike(
    /^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]):\d{1,5}$/,
    'an address to listen on, such as 127.0.0.1:9464 or [::]:9464',
  )
    .optional()
    .describe('The address and port on which the worker serves metrics to Prometheus.'),
  otlp: httpUrl('an http or https URL, such as http://127.0.0.1:4318')
    .optional()
    .describe(
      'Base URL of an OTLP/HTTP collector; it takes traces, and metrics where Prometheus is not configured.',
    ),
});
export type Telemetry = z.infer<typeof telemetrySchema>;
