import { readdirSync, readFileSync } from "node:fs";

/** A process, with its command line. */
export interface Running {
  pid: number;
  parent: number;
  words: string[];
}

/** The processes that a process started, and those that these started. */
export function descendants(ancestor: number): Running[] {
  const processes = new Map(runningProcesses().map((process) => [process.pid, process]));
  const descends = ({ parent }: Running): boolean => {
    for (let pid: number | undefined = parent; pid !== undefined; pid = processes.get(pid)?.parent) {
      if (pid === ancestor) return true;
    }
    return false;
  };
  return [...processes.values()].filter(descends);
}

function runningProcesses(): Running[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, "utf8");
      const stat = read("stat");
      // the name in parentheses may hold anything
      const [, parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [{ pid: Number(name), parent: Number(parent), words: read("cmdline").split("\0") }];
    } catch {
      // it ended meanwhile
      return [];
    }
  });
}
