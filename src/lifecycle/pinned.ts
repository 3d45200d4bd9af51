/**
 * Whether an image stays the same: it is named by its digest, or by a version of its maker's, which are published once.
 * `latest`, `stable`, `3` and no tag at all are moved with each release.
 */
export const isPinnedImage = (image: string) =>
  /@sha256:[0-9a-f]{64}$/.test(image) || /:v?\d+\.\d+\.\d+[\w.-]*$/.test(image);

/** Whether a chart's version is one: `88.5.3`, not `^88`, `>=1` or nothing. */
export const isExactVersion = (version: string) => /^v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/.test(version);

/** Whether an action is named by a commit: a tag or a branch can be moved to other code. */
export const isPinnedAction = (ref: string) => /^[0-9a-f]{40}$/.test(ref);

/** Whether a value is decided at the deploy, such as a variable's. */
export const isReference = (value: string) => /(^|[^$])\$\{/.test(value);
