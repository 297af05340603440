import packageJson from '../../package.json' with { type: 'json' };

/** The version of Hullcheck that runs. */
export const TOOL_VERSION: string = packageJson.version;
