/** Where the content script runs; the `matches` of the manifest. */
export const SITES: readonly string[] = [
  "https://*/*",
  "http://localhost/*",
  "http://*.localhost/*",
  "http://127.0.0.1/*",
  "http://[::1]/*",
];

/** The half of `chrome.permissions` that is used. */
export interface Permissions {
  contains(permissions: { origins: string[] }): Promise<boolean>;
  onAdded: { addListener(changed: () => void): void };
  onRemoved: { addListener(changed: () => void): void };
}

/**
 * Whether the person lets the extension run on sites. Both browsers can take that away after installation, Firefox with
 * one switch; then no page finds the extension, and nobody knows why unless the extension says so.
 */
export class SiteAccess {
  readonly #permissions: Permissions;
  #everywhere: Promise<boolean>;

  /** `changed` hears whether access to all sites is there, now and after each change. */
  constructor(permissions: Permissions, changed: (everywhere: boolean) => void) {
    this.#permissions = permissions;
    const look = (): Promise<boolean> => {
      const everywhere = permissions.contains({ origins: [...SITES] });
      void everywhere.then(changed);
      return everywhere;
    };
    const lookAgain = (): void => void (this.#everywhere = look());
    permissions.onAdded.addListener(lookAgain);
    permissions.onRemoved.addListener(lookAgain);
    this.#everywhere = look();
  }

  /** Whether the extension may serve this origin: a page that was open before access was withdrawn may still ask. */
  async allows(origin: string): Promise<boolean> {
    if (await this.#everywhere) return true;
    const { protocol, hostname } = new URL(origin);
    return this.#permissions.contains({ origins: [`${protocol}//${hostname}/*`] });
  }
}
