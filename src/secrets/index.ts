export { redact, redacted } from './redact.js';
export { type SealingKey, isSealed, seal, sealedKeyId, sealingKey, unseal } from './seal.js';
