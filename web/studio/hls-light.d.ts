/**
 * hls.js without subtitles, encryption and alternate sound, none of which our films have: a third less to
 * load.
 */
declare module "hls.js/light" {
  export { default } from "hls.js";
}
