/** Version of the runtime that infra/dev/copy-ort.mjs puts under public/ort; a test keeps it equal to the package's. */
export const ortVersion = '1.30.0';
