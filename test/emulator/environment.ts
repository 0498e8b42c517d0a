/** The Python that has MiniStack and Custodian: `scripts/test-emulator.mjs` makes it and names it here. */
export function emulatorPython(): string {
  const python = process.env['NIGHTSHIFT_EMULATOR_PYTHON'];
  if (!python) {
    throw new Error(
      'NIGHTSHIFT_EMULATOR_PYTHON is not set: run this suite with npm run test:emulator',
    );
  }
  return python;
}
