/** Names of files. */

/** The name without its ending. */
export const stem = (name: string): string => name.slice(0, name.length - ending(name).length);

/** The ending with its dot; nothing where there is none. */
export const ending = (name: string): string => /(?<=.)\.[^./\\]{1,8}$/u.exec(name)?.[0] ?? "";

/** With room for an ending within the 255 characters of a name. */
export const short = (name: string): string => [...name].slice(0, 235).join("");
