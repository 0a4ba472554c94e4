import { Catalogue } from "../catalogue.ts";
import { Engine } from "../documents/engine.ts";
