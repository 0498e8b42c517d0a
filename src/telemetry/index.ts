export { type TelemetryConfig, resolveTelemetry } from './config.js';
export { type InstallOptions, type Telemetry, installTelemetry } from './install.js';
export { type LogOptions, createLogger, logLevels, temporalLogger } from './logger.js';
export { type AwsCall, type NightshiftMetrics } from './metrics.js';
export { type Tracing, tracingWorkflowModules, workerTracing } from './tracing.js';
