// The reader's script of a service that has an account with WeChat.

// First: it keeps the address as it was opened.
import { hand } from "./reader/wechat";
import "./reader";
import { on } from "./reader/dom";

on("visibilitychange WeixinJSBridgeReady", hand);
hand();
