"""What robots and people's programs write into their user agents, by families (pure, patterns).

They are matched with lower case. A lookaround spares people's words.
"""

import re

# What robots call themselves and their trade. Lower case; a lookaround spares people's words.
ROBOTS = re.compile(
    r"(?<!cu)(?<!tur)bots?(?![a-z]|\d{3})|\bbot(?!tle|swana|im)|robot(?!ic)|crawl|spider|"
    "(?<!droid )spyder|slurp|scrap(?:e|y|ing)|"
    # the apps' own fetchers of cards; their browsers stand further on in the string
    "(?<!mozac)fetch|(?<!developer)preview|snippet|transcod|thumbnail|screenshot|unfurl|"
    "^whatsapp(?!.*device/)|^micromessenger client|shareextension|^viber$|^facebook|^snapchat$|"
    r"^swcd\b|"
    # looking sites over; Tencent looks over what is forwarded in WeChat, in its browser's clothes
    r"qcloudcdn|wechatdevtools|monitor|synthetic|lighthouse|page ?speed|\bptst\b|health ?check|"
    "catchpoint|neustar|gomez|ruxit|dynatrace|keynote|pingdom|site24x7|statuscake|datadog|newrelic|"
    r"rigor\b|splunk|debugbear|speedcurve|dareboost|yottaa|uptrends|alertra|functionize|"
    "browserstack|saucelabs|lambdatest|wappalyzer|builtwith|datanyze|sitebulb|netcraft|qualys|"
    "acunetix|netsparker|burpco|zaproxy|assetnote|censys|shodan|observatory|"
    "siteimprove|iplabel|dejaclick|hotjar|nitro-opt|"
    # browsers with nobody in front
    "headless|phantomjs|selenium|webdriver|puppeteer|playwright|cypress/|"
    "jsdom|htmlunit|slimerjs|casperjs|wkhtmlto|webkit2png|prerender|html ?to ?(?:pdf|image)|"
    # Google's many hands, none of its apps
    r"-google\b|\bgoogle-(?!tr-\d)|google(?:weblight|other|favicon|messages|image|producer)|"
    "google (?:favicon|page|search|read)|"
    # ways of speaking
    r"\+https?:|"
    r"^[a-z ]+(?:/[\d.]+)?, ?mozilla/|"  # a browser's name with something put ahead of it
    r"[a-z]-user(?:/|$)|"  # an assistant that fetches for somebody
    r"(?:gecko|safari/[\d.]+|\))[;,]? ?\(?compatible; ?(?!msie)[\w-]|"
    r"\$\{|<(?:[?!]|/?(?!profilelist|ui_profile)[a-z]+[ />])|\bselect\b.*\(|sleep\(|'\)|\"<"
)

# Words of tools, and addresses: apps on somebody's phone use them too, not those that fetch by
# Apple's library without a page.
TOOLS = re.compile(
    # fetching for somebody
    r"harvest|archiv|indexer|ferret|worm|feed(?!back)|^rss|\brss\b|aggregator|\d subscriber|"
    r"grabber|\bgrab\b|retriever|extract|translat|(?<!wap )(?<!via )proxy(?!less)|cache|"
    r"embed(?:ly|\b)|link(?:check|scan|walk|tiger|analy)|"
    # looking sites over
    r"check(?:er|ing)?\b|check_|validat|audit|analy[sz]|inspect|optimi[sz]e(?!d)|benchmark|survey|"
    "discover(?:er|engine)|(?:existence|protocol) discovery|detect|scan(?!pal|ia|dinav)|"
    r"prob(?:e|ing)\b|uptime|\bping(?!an)|verif(?:y|ier|ication)|"
    "security ?(?:head|scan|trails|research)|nmap|nikto|sqlmap|openvas|nuclei|(?<!en)seo(?!ul)|"
    "(?<!f)rank|backlink|classif|measure|abuse|splash(?!top)|simulat(?!or)|automat|"
    "(?:web|load|site|speed|page)[-_ ]?test|tester|testing(?!device)|"
    r"yahoo!? ?(?:slurp|ad\b|pipes|link|cache|feed|mms|seeker)|\byandex(?!browser|search| ru\b)|"
    r"\(khtml, like gecko[;,](?! ?safari)|"
    # tools and libraries
    r"(?<!c)url|http[-_ ]?(?:client|get|request|kit|lib|core|unit|mon|x\b|ie\b)|"
    r"(?:ok|go-?|aio|py|fast|pcore-|rest-?)http|\bhttp[-_ ](?!pgdl|service)|"
    "libwww[-_ ]?perl|^lib(?:www|curl)|lib(?:wisec|rss|fetch)|"
    r"\b(?:curl|wget|axios|undici|got|needle|aria2|guzzle|scrapy|urllib|python|perl|ruby|php|"
    r"golang|rust|deno|bun|node|nodejs|jersey|jetty|jakarta|apache|nutch|heritrix|colly|faraday|"
    r"typhoeus|mechanize|lwp|zend|drupal|wordpress|joomla|powershell|winhttp|postman|insomnia|"
    r"paw|soapui|jmeter|k6|vegeta|wrk|siege|ab)\b|"
    r"(?:rest|web|http|fetch|search)[-_ ]?api\b|\bapi[-/]|^api|^java|java/1\.[3-9]\.|^cfnetwork|"
    r"^(?:aws|avs)[\w.-]*sdk|library|framework|(?<!html5 )parser|"
    r"(?<!http_)(?<!alpha)server(?! \d{4})|"  # Windows Server 2022, AlphaServer 1000: machines
    r"(?<!user[- _])(?<!masking-)(?<!update[- ])agent\b|webhook|daemon|\bcron\b|"
    "(?<!java)script(?!ed)|(?<!qq)(?<!fire)download(?!ed)|offline(?!app)|copier|mirror|sucker|"
    "httrack|collect|(?<!fire)torrent|(?<!inapp; )(?<!sogou)search(?!app|browser| ultimate)|"
    "^google(?!app|earth|tv|goggles| chrome)|https?://|"
    r"[\w.+-](?:@| at |\[at\])[a-z][\w-]*\.[a-z]{2,}|"
    r"(?<![\w./-])(?!com\.|org\.|net\.|cn\.|web\.de|gmx\.)(?:[\w-]+\.)*(?=[\w-]*[a-z])[\w-]+\."
    r"(?:com|net|org|info|biz|io|ai|de|ru|fr|nl|cz|eu|uk|jp|app|dev|me)\b(?![.\w-]|/\d| \w+ \d)"
)
# Companies write their names and addresses into Internet Explorer; who poses as it seldom says what
# of Microsoft's is installed beside it. Old Firefox's extensions say where they are from.
APP = re.compile(
    r"msie \d.*(?:\.net clr|; sv1\b|infopath)|firefox/[1-3]\..*[ /][\d.]+ \(http|"
    r"android[ /:]|iphone|ipad|dalvik/|exoplayer|watchos|tvos|windows phone|\bmobile\b|electron/|"
    r"xbmc|kodi|trident/|midp|cldc|up\.browser|symbian|series ?[46]0|blackberry|bb10|wails\.io|"
    r"kaios|webos|web0s|smart-?tv|hbbtv|netcast|viera|bravia|googletv|apple ?tv|tizen|crkey|roku|"
    r"ce-html|\+dvr\b|\bvlc|\bplex|winamp|foobar|\bxine|mplayer|clementine|rhythmbox|amarok|"
    r"audacious|quicktime|itunes|"
    r"nsplayer|xmms|totem|\bmpv|stagefright|lavf|songbird|thunderbird|sylpheed|claws|evolution/|"
    r"xbox|playstation|nintendo|kindle|netfront|qtcarbrowser|tesla/|harmonyos|sailfish|"
    # a program that tells its user's language, a set-top box that tells how it is connected
    r"\bwin32 [a-z]{2}-[a-z]{2}\b|\([^,()]+, [^,()]*, (?:wired|wireless)\)"
)

# Engines that lay out pages, devices, and the apps that people hear, watch and read mail with.
READS_WITH = re.compile(
    "webkit|khtml|gecko|trident|presto|goanna|msie|netfront|obigo|polaris|dolfin|blink|edge/|"
    r"servo|opera(?!tor)|icab|omniweb|netpositive|webtv|ms-office|browser?(?!rsh|rk)|explorer|mosaic|ladybird|"
    "konqueror|dillo|sleipnir|clecko|qupzilla|firefox/|(?:libre|open|star)office|amaya|netsurf|uzbl|"
    r"\bvoyager|ibrowse|\baweb\b|cyberdog|arachne|hotjava|vimprobable|luakit|planetweb|dreamcast|"
    r"\belinks\b|^links\b|galeon/|w3m|lynx|^mozilla/[1-4][^(]*\((?!compatible;)|"
    r"^mozilla/[1-4][.\d]* \(compatible; [^;)]+;(?: \w+;)? linux\b|"
    r"android|iphone|ipad|ipod|\bios\b|watch ?os|tvos|apple ?tv|windows (?:phone|ce|mobile)|"
    r"cfnetwork/|dalvik/|\badr\b|cronet|mozac|"
    r"midp|cldc|brew|up\.(?:browser|link)|\bup/\d|\bwap(?!pal)|symbian|series ?[346]0|s60|epoc|"
    r"blackberry|playbook|palm|webos|web0s|tizen|bada/|maui|mre/|kaios|harmony|cros |"
    r"amiga|morphos|beos|haiku|plan ?9|os/2|sunos|risc ?os|ucweb|\bjuc|tv\b|_tv|smart-?tv|"
    r"hbbtv|hybridcast|ce-html|dlna|upnp|opentv|espial|cobalt/|"
    r"\([^,()]+, [^,()]*, (?:wired|wireless)\)|"
    r"teleca|jataayu|novarra|openwave|picsel|skyfire|teashark|"
    r"roku|sonos|xbox|playstation|nintendo|\bps[345v]|\bwii|kindle|nook\b|reader|tablet|phone|"
    r"mobile|messenger|googleapp|\bfb(?:an|av|_iab)|telegram/|microsoft office|outlook|mail(?!er)|"
    "thunderbird|postbox|lotus|evolution|eudora|the bat!|superhuman|barca|sparrow|zimbra|zdesktop|"
    "claws|sylpheed|geary|roundcube|rainloop|kontact|balsa|mutt|alpine|pegasus|em ?client|becky|"
    r"\bgnus\b|yahoomobile|incredi|poco|cloudmagic|boxer|wavebox|rambox|nylas|hiri/|inky|unibox|newton|"
    r"canary|spike|acompli|courier|horde|tutanota|mailspring|microsoft\.outlook|zentyal|\bspark/|"
    r"^nine/|type ?app|touchdown|^k-9|foxmail|"
    "groupwise|entourage|trojit|spicebird|mimestream|missive|turnpike|betterbird|evernote|"
    "exoplayer|stagefright|player|play/|pod(?:cast|der|catch|kick)|pod/|casts|doggcatch|music|radio|"
    "audio|video|media|stream|itunes|"
    r"quicktime|\bvlc|kodi|xbmc|\bplex|winamp|foobar|clementine|banshee|rhythmbox|amarok|audacious|"
    r"xmms|xine|totem|\bmpv|aimp|lavf|gstreamer|squeeze|spotify|deezer|zune|boxee|\bares\b|"
    r"nokia|samsung|\bsec-|\blge?[-/ ]|^lg[a-z]*\d|\bsie-|\bmot-|motorola|ericsson|sony|\bsharp|"
    r"alcatel|\bzte|huawei|docomo|kddi|j-phone|vodafone|softbank|willcom|sagem|panasonic|philips|"
    r"sanyo|\bhtc|xiaomi|redmi|oppo|vivo\b|lenovo|tecno|infinix|itel\b|micromax|karbonn|lava\b|"
    r"airness|benq|dopod|i-mate|maxon|\bnec-|portalmmm|qtek|sendo|telit|treo|hp ipaq|"
    "kyocera|kwc-|pantech|haier|archos|lumia|^(?:gt|sch|sgh|sph|sm|shv|asus|bird|amoi|acer)[-. ]"
)
# Where no engine is named, a desktop is none either: such a `Mozilla/5.0` is a name only.
DESKTOP = re.compile(
    r"^(?!mozilla/[5-9]).*(?:windows|\bwin(?:9[58x]|nt|16|32|10|3\.)|wow64|macintosh|mac ?os|"
    r"mac_power|darwin\b|x11;)|"
    # Old browsers that name themselves alone behind the system; office programs only fetch.
    r"^mozilla/5\.0 \((?!compatible)[^)]*(?:windows|\bwin(?:9[58x]|nt|16|32)|macintosh|x11|bsd)"
    r"[^)]*\) (?!word|excel|powerpoint|windowspowershell)(?:[a-z ]+\d*/[\d.]+|\[)"
)

# Programs on somebody's own machine that bring news and broadcasts, and say where they are from.
OWN = re.compile(
    r"(?<![\w./-])(?:(?:antenna|golden|pea|beyond|[bc])pod\b|[gi]podder|podcatcher|podracer|"
    r"juice/|miro/|banshee|"
    r"overcast(?:/| \()|downcast|pocket ?(?:casts|tunes)|castbox|castget|castro |podkast|acast|"
    r"bullhorn|fountain/|audiowave|xiaoyuzhou|soundon|radiopublic|podverse|podfriend|"
    r"^airr\b|castamatic|snipd|podurama|goodpods|laughable|luminary|metacast|moon ?fm|player ?fm|"
    r"podcast ?guru|curiocaster|podstation|truefans|podbay|procast|podcruncher|instacast|"
    r"stitcher|soundcloud|tunein|iheart|pandora|audible|himalaya|"
    r"podkicker|doggcatcher|rss_?radio|"
    r"feed(?:demon|station|reader/)|netnewswire|newsb(?:euter|oat)|akregator|liferea|"
    r"rss ?(?:owl|bandit)|quiterss|sharpreader|blogbridge|newsfire|windows-rss-platform|"
    r"[qk]?bittorrent/|utorrent|transmission/|deluge|instapaper/|browser(?:/[\w.]+)? \(?http)"
)
# The services behind such programs.
FETCHES = re.compile(r"subscriber|parser|bot\b|sync\b|scanner|consumer|librss|<")
