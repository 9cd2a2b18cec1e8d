/**
 * A bundle of inputs is an OCI artifact in an OCI image layout (image-spec 1.1, image-layout.md and
 * manifest.md, "Guidelines for Artifact Usage"): the lock is its config, every input and signed index
 * one layer, named by its title.
 */
export const bundleTypes = {
  artifact: 'application/vnd.mkbase.inputs.v1',
  lock: 'application/vnd.mkbase.lock.v1+json',
  input: 'application/octet-stream',
} as const;

/** The annotation that names a layer (image-spec, annotations.md). */
export const titleAnnotation = 'org.opencontainers.image.title';
