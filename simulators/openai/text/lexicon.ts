/**
 * The concepts of dreams, with their words in several languages. `phrase` is the concept in a picture's
 * prompt. A word that ends in `*` matches every word that begins so; ideographs match anywhere.
 */
export interface Concept {
  name: string;
  phrase: string;
  words: string;
}

const concept = (name: string, phrase: string, words: string): Concept => ({ name, phrase, words });

export const lexicon: readonly Concept[] = [
  // Places.
  concept(
    "city",
    "a city of towers",
    "city cities town skyscraper* skyline metropolis stadt städte hochh* ville* ciudad* città cidade* город* міст* πόλη πόλης مدينة المدينة עיר शहर 城市 都市 街 도시 şehir miasto",
  ),
  concept(
    "street",
    "a street between tall houses",
    "street* alley* lane avenue pavement straße* strasse* gasse* rue ruelle* calle* via strada rua улиц* δρόμο* شارع الشارع רחוב सड़क गली 街道 马路 巷 通り 道路 거리 골목",
  ),
  concept(
    "sea",
    "the open sea",
    "sea seas island* insel* ocean* shore* coast* beach* wave waves tide* meer* ozean* strand* mer océan* plage* mar mare océano* playa* spiaggia* praia* мор* океан* пляж* θάλασσα* بحر البحر ים सागर समुद्र 海 바다 大海",
  ),
  concept(
    "underwater",
    "deep under water",
    "underwater submerged drown* sank sinking diving unterwasser ertr* sous-marin* noyé* ahog* afog* тону* утон* 水下 海底 水中 溺",
  ),
  concept(
    "mountain",
    "mountains behind mountains",
    "mountain* cave caves cavern* hill hills peak* cliff* summit* valley* berg* gipfel* tal montagne* colline* montaña* colina* montagna* montanha* гора горы горе гору горой горах горами холм* βουν* جبل الجبل جبال הר הרים पहाड़ 山 산 谷",
  ),
  concept(
    "desert",
    "bare hills and stones under a great sky",
    "desert* dune* sand* wilderness wüste* désert* sable* desierto* arena deserto* sabbia* areia* пустын* песок песк* έρημο* صحراء الصحراء מדבר रेगिस्तान 沙漠 砂漠 사막",
  ),
  concept(
    "forest",
    "a deep forest",
    "forest* wood woods jungle grove wald* wälder* forêt* bois bosque* selva* foresta* bosco floresta* лес леса лесу лесом δάσος غابة الغابة יער जंगल 森林 森 숲 树林",
  ),
  concept(
    "meadow",
    "a wide meadow",
    "meadow* field fields garden* grass* prairie* wiese* feld* garten* gras pré champ* jardin* herbe* prado* campo* jardín* giardino* jardim* луг* пол* сад саду λιβάδι* حديقة حقل שדה גן बगीचा मैदान 草地 田野 花园 草原 庭 들판 정원",
  ),
  concept(
    "room",
    "a bedroom with a tall window",
    "room rooms bedroom chamber* attic* kitchen* zimmer* schlafzimmer* chambre* habitación* cuarto* dormitorio* stanza camera quarto* комнат* спальн* δωμάτιο غرفة الغرفة חדר कमरा 房间 部屋 방 卧室",
  ),
  concept(
    "bed",
    "a bed",
    "bed beds blanket* mattress* bett* lit cama letto кроват* постел* κρεβάτι سرير מיטה बिस्तर 床 ベッド 침대",
  ),
  concept(
    "pillow",
    "a pillow",
    "pillow* kissen oreiller* almohada* cuscino* cuscini travesseiro* подушк* μαξιλάρ* وسادة כרית तकिया 枕 베개",
  ),
  concept(
    "hall",
    "a vaulted hall",
    "hall halls hospital* church* cathedral* temple* palace* castle* corridor* library museum* school* station* platform* bahnhof* bahnsteig* gare gares stazion* estação вокзал* theat* krankenhaus* hôpital* labyrinth* kirche* schloss* palast* flur* schule* bibliothek* église* château* palais* couloir* école* iglesia* castillo* palacio* pasillo* escuela* chiesa* castello* corridoio* scuola* igreja* castelo* corredor* escola* церк* замок замк* двор* коридор* школ* εκκλησία* παλάτι σχολείο قصر مسجد مدرسة ארמון בית-ספר महल मंदिर विद्यालय 教堂 宫殿 学校 走廊 图书馆 城堡 寺 教会 城 廊下 학교 궁전 복도 도서관",
  ),
  concept(
    "laboratory",
    "a vaulted laboratory",
    "laborator* workshop* unhallowed experiment* alchem* dissect* labor labors laboratoire* laboratorio* laboratório* лаборатор* εργαστήριο مختبر מעבדה प्रयोगशाला 实验室 実験室 실험실",
  ),
  concept(
    "cloud",
    "clouds below",
    "cloud* wolke* nuage* nube* nuvola* nuvole nuvem* nuvens облак* туч* σύννεφ* غيوم سحاب ענן עננים बादल 云 雲 구름",
  ),
  concept(
    "heaven",
    "the sky open and full of light",
    "heaven* paradise* sky skies himmel* ciel* cieux cielo* paradiso* céu* paraíso* неб* рай ουραν* جنة السماء שמיים स्वर्ग 天堂 天国 하늘 天空",
  ),
  concept(
    "cosmos",
    "stars and nebulae",
    "cosmos universe* space galax* planet* abyss* void infinity infinite creator creation world weltall universum* univers abîme* espace universo* espacio* abismo* spazio* espaço* космос* вселен* бездн* сμπαν κόσμο* فضاء الكون חלל יקום अंतरिक्ष ब्रह्मांड 宇宙 深渊 우주 星系",
  ),
  // Things.
  concept(
    "glass",
    "made of glass",
    "glass glassy crystal* gläsern* glas glases verre cristal* vidrio* vetro* cristallo vidro* стекл* хрустал* γυαλί κρύσταλλ* زجاج الزجاج זכוכית कांच 玻璃 ガラス 유리 水晶",
  ),
  concept(
    "window",
    "tall windows",
    "window* fenster* fenêtre* ventana* finestra* finestre janela* окн* окон* παράθυρ* نافذة نوافذ النافذة חלון חלונות खिड़की 窗 窓 창문 창",
  ),
  concept(
    "season",
    "a different season in each window",
    "season* jahreszeit* saison* estación estaciones stagion* estação estações времен* года εποχή فصل فصول الفصول עונה עונות ऋतु मौसम 季节 季節 계절",
  ),
  concept(
    "river",
    "a slow river",
    "river* stream* brook* canal* fluss* flüsse* bach kanal* fleuve* rivière* río rio rios fiume* rios рек* реч* ποτάμι نهر النهر נהר नदी 河 川 江 강 小溪",
  ),
  concept(
    "water",
    "still water",
    "water* lake* pond* flood* wasser* see teich* eau eaux lac lacs agua* lago* acqua água* вод* озер* νερό λίμνη ماء الماء بحيرة מים אגם पानी झील 水 湖 물 호수",
  ),
  concept(
    "boat",
    "a boat",
    "boat* ship ships sail* raft* boot* schiff* segel* bateau* navire* barque* barco* barca* nave navi navio* лодк* кораб* βάρκα πλοίο قارب سفينة סירה ספינה नाव 船 舟 배 小船",
  ),
  concept(
    "lighthouse",
    "a lighthouse",
    "lighthouse* leuchtturm* phare* faro* farol маяк* φάρος منارة מגדלור 灯塔 灯台 등대",
  ),
  concept(
    "door",
    "a door standing open",
    "door* gate gates threshold* tür* tor tore pforte* porte* portail puerta* porta* portone portão двер* ворот* πόρτα* باب الباب أبواب דלת דלתות दरवाज़ा दरवाजा 门 門 扉 ドア 문",
  ),
  concept(
    "stairs",
    "stairs that climb into the light",
    "stair* steps treppe* stufe* escalier* marches escaler* scala scale gradini escada* лестниц* ступен* σκάλα درج الدرج מדרגות सीढ़ी सीढ़ियाँ 楼梯 阶梯 台阶 階段 계단",
  ),
  concept(
    "ladder",
    "a ladder of light that reaches to heaven",
    "ladder* leiter* échelle* escalera* سلم سلما scaletta סולם 梯子 梯 はしご 사다리",
  ),
  concept(
    "bridge",
    "a bridge",
    "bridge* brücke* pont ponts puente* ponte* мост* γέφυρα جسر גשר पुल 桥 橋 다리",
  ),
  concept(
    "house",
    "a small house with lit windows",
    "house* home cottage* hut haus häuser* heim hütte* maison* casa casas дом дома доме σπίτι بيت البيت منزل בית घर 房子 家 屋 집",
  ),
  concept("tower", "a tower", "tower* turm türme* tour tours torre* башн* πύργος برج מגדל मीनार 塔 탑"),
  concept(
    "tree",
    "a great tree",
    "tree* oak* willow* baum* bäume* arbre* árbol* albero alberi árvore* дерев* δέντρ* شجرة الشجرة أشجار עץ עצים पेड़ 树 木 나무 大树",
  ),
  concept(
    "flower",
    "flowers",
    "flower* blossom* rose roses petal* blume* blüte* fleur* flor flores fiore fiori цвет* λουλούδι* زهرة زهور ورد פרח פרחים फूल 花 꽃",
  ),
  concept(
    "stone",
    "rounded stones",
    "stone* rock rocks boulder* pebble* stein* fels* pierre* rocher* piedra* roca* pietra* roccia* pedra* rocha* камн* камен* скал* πέτρα* πέτρες حجر حجارة الحجارة אבן אבנים पत्थर 石 岩 돌 바위",
  ),
  concept(
    "key",
    "a golden key",
    "key keys schlüssel* clé clés clef* llave* chiave* chave* ключ* κλειδί مفتاح מפתח चाबी 钥匙 鍵 열쇠",
  ),
  concept(
    "book",
    "an open book",
    "book* buch bücher* livre livres libro libros libri livro* книг* βιβλίο كتاب ספר किताब पुस्तक 书 本 책",
  ),
  concept(
    "letter",
    "a letter",
    "letter letters envelope* postcard* brief briefe briefumschlag* lettre lettres enveloppe* carta cartas lettera lettere busta письм* رسالة מכתב पत्र चिट्ठी 信封 手紙 편지",
  ),
  concept(
    "clock",
    "a great clock",
    "clock* hour hours uhr uhren horloge* reloj* orologio* relógio* часы часов ρολόι ساعة שעון घड़ी 钟 時計 시계 时钟",
  ),
  concept(
    "mirror",
    "a tall mirror",
    "mirror* reflection* spiegel* miroir* espejo* specchi* espelho* зеркал* καθρέφτη* مرآة מראה दर्पण आईना 镜 鏡 거울",
  ),
  concept(
    "umbrella",
    "an umbrella",
    "umbrella* regenschirm* parapluie* paraguas ombrell* guarda-chuva* зонт* ομπρέλα مظلة מטריה छाता 伞 傘 우산",
  ),
  concept(
    "balloon",
    "a balloon",
    "balloon* ballon* globo globos mongolfier* palloncin* balão balões шар шары воздушн* αερόστατο بالون בלון गुब्बारा 气球 風船 気球 풍선",
  ),
  concept(
    "lantern",
    "a lantern",
    "lantern* lamp lamps laterne* lampe* lanterne* linterna* farol lámpara* lanterna* lampada* фонар* ламп* φανάρι فانوس مصباح פנס लालटेन दीपक 灯笼 灯 提灯 ランプ 등불 초롱",
  ),
  concept(
    "candle",
    "a candle",
    "candle* kerze* bougie* chandelle* vela velas candela* свеч* κερί شمعة נר मोमबत्ती 蜡烛 蝋燭 촛불",
  ),
  concept(
    "fire",
    "a fire",
    "fire* flame* burn* ember* blaze* feuer* flamme* brenn* brann* feu feux brûl* fuego* llama* quem* fuoco fiamma* fogo chama* огонь огн* огня пламя горе* φωτιά نار النار אש आग 火 炎 불",
  ),
  concept(
    "engine",
    "a powerful engine with wheels and sparks",
    "engine* machine* motor* mechanism* gear gears wheel* clockwork* maschine* zahnr* getriebe* moteur* mécanisme* rouage* máquina* mecanismo* macchina* meccanism* машин* механизм* μηχανή* آلة محرك מכונה מנוע मशीन 机器 機械 기계 引擎",
  ),
  concept(
    "lightning",
    "lightning",
    "lightning thunder* blitz* donner* éclair* tonnerre rayo* trueno* fulmin* tuono raio* trovão молни* гром* αστραπή برق רעם ברק बिजली 闪电 雷 稲妻 번개",
  ),
  concept(
    "storm",
    "a storm",
    "storm* tempest* hurricane* sturm* gewitter* tempête* orage* tormenta* tempestad* tempesta* tempestade* бур* гроз* καταιγίδα عاصفة סערה तूफान 风暴 暴风 嵐 폭풍",
  ),
  concept(
    "rain",
    "rain",
    "rain* regen* pluie* lluvia* pioggia* chuva* дожд* βροχή مطر المطر גשם बारिश वर्षा 雨 비가",
  ),
  concept(
    "snow",
    "snow",
    "snow* ice icy frozen schnee* eis neige* glace nieve* hielo neve ghiaccio gelo снег* лёд льд* χιόνι ثلج الثلج שלג बर्फ 雪 눈이",
  ),
  concept("winter", "winter", "winter* hiver invierno* inverno* зим* χειμώνα* شتاء חורף सर्दी 冬 겨울"),
  concept(
    "autumn",
    "autumn leaves",
    "autumn* herbst* automne* otoño* autunno* outono* осен* φθινόπωρο خريف סתיו पतझड़ 秋 가을",
  ),
  concept(
    "moon",
    "a great moon",
    "moon* mond* lune* luna lua лун* φεγγάρι قمر القمر ירח चाँद चांद 月亮 月光 月 달이 달빛",
  ),
  concept(
    "star",
    "stars",
    "star stars starry stern sterne* étoile* estrella* stella stelle estrela* звезд* звёзд* αστέρι* αστέρια نجوم نجمة כוכב כוכבים तारा तारे 星 별",
  ),
  concept("aurora", "northern lights", "aurora* nordlicht* polarlicht* boréale сияни* 极光 オーロラ 오로라"),
  concept(
    "light",
    "a great light",
    "light lights glow* shine* shining radiant licht* leucht* lumière* luz luces luce luci свет* свете φως نور الضوء אור प्रकाश रोशनी 光 빛",
  ),
  concept(
    "eye",
    "a great eye in the sky",
    "eye eyes gaze auge* augen œil yeux ojo ojos occhio occhi olho* глаз* очи μάτι* μάτια عين عيون עין עיניים आँख आंख 眼 目 눈동자",
  ),
  concept(
    "ear",
    "a listening ear",
    "ear ears ohr ohren oreille* oído oreja* orecchi* ouvido* orelha* ухо уши αυτί أذن אוזן कान 耳 귀",
  ),
  concept(
    "hand",
    "a great open hand",
    "hand hands finger* hände* main mains mano manos mani mão mãos рук* ладон* χέρι* يد اليد يدي יד ידיים हाथ 手 손",
  ),
  concept(
    "heart",
    "a glowing heart",
    "heart* herz* cœur* coeur* corazón* cuore coração сердц* καρδιά قلب القلب לב दिल हृदय 心 심장 마음",
  ),
  // Who.
  concept(
    "grandmother",
    "an old woman",
    "grandmother* grandma* granny grandfather* grandpa* großmutter* grossmutter* oma großvater* opa grand-mère grand-père mamie abuela* abuelo* nonna nonno avó avô бабушк* дедушк* γιαγιά παππού* جدتي جدة جدي סבתא סבא दादी नानी दादा 奶奶 祖母 外婆 爷爷 おばあ 祖父 할머니 할아버지",
  ),
  concept(
    "woman",
    "a woman",
    "woman women dancer* ballerina* tänzerin* danseuse* bailarina* mother* mum mom aunt* niece* bride* tante* nichte* tía zia sister* girl* girlfriend* wife daughter* lady queen princess* witch* nurse* lehrerin hexe* frau mutter* schwester* mädchen* femme* mère* sœur* fille* mujer* madre* hermana* donna donne mulher* mãe женщин* мать мам* сестр* девушк* γυναίκα μητέρα امرأة أمي אישה אמא औरत माँ मां 女人 妈妈 母亲 女 엄마 여자 어머니 母",
  ),
  concept(
    "man",
    "a man",
    "man men tänzer danseur* father* dad uncle* cousin* nephew* neighbour* neighbor* policeman policemen polizist* onkel* oncle* neffe* nachbar* brother* boy boys boyfriend* friend* husband* son sons king prince student* artist* teacher* stranger soldier* doctor* weaver* sailor* thief lehrer soldat* arzt weber freund* mann männer* vater* bruder* homme* père* frère* hombre* padre* hermano* uomo uomini homem pai мужчин* отец отц* пап* брат* человек* άντρας πατέρας رجل أبي איש אבא आदमी पिता 男人 爸爸 父亲 男 아버지 남자 父",
  ),
  concept(
    "child",
    "a child",
    "child* baby babies kid kids kind kinder* enfant* bébé* niño niña niños bambin* criança* menin* ребён* ребен* дет* παιδί* طفل أطفال ילד ילדה बच्चा बच्चे 孩子 子供 아이",
  ),
  concept(
    "angel",
    "winged angels of light",
    "angel* seraph* engel* ange anges ángel* angelo angeli anjo* ангел* άγγελο* ملاك ملائكة מלאך מלאכים फ़रिश्ता देवदूत 天使 천사",
  ),
  concept(
    "ghost",
    "a pale phantom",
    "ghost* phantasm* phantom* spectre* spirit spirits corpse* skeleton* monster* creature* hideous demon* devil* gespenst* geist* leiche* fantôme* spectre* fantasma* espectro* monstruo* spettro mostro monstro* призрак* дух монстр* мертв* φάντασμα شبح روح רוח שד מפלצת भूत राक्षस 鬼 幽灵 怪物 幽霊 怪獣 유령 귀신 괴물",
  ),
  concept(
    "fool",
    "a fool in motley",
    "fool fools jester* clown* patched narr* hofnarr* fou bouffon* payaso* bufón* pagliaccio* buffone palhaço* bobo шут клоун* γελωτοποιός مهرج ליצן जोकर 小丑 ピエロ 광대",
  ),
  concept(
    "crowd",
    "many people",
    "people crowd* strangers everyone menschen leute menge foule* gens gente multitud* folla multidão люди людей толп* κόσμος πλήθος ناس الناس אנשים लोग 人群 人们 人々 사람들",
  ),
  concept("ass", "a man with the head of an ass", "ass asses"),
  concept(
    "donkey",
    "a donkey",
    "donkey* mule* esel* âne* burro* asno* asino asini осёл осел ослик* γάιδαρος حمار חמור गधा 驴 驢 ロバ 당나귀",
  ),
  concept(
    "horse",
    "a horse",
    "horse* pony stallion* pferd* cheval chevaux caballo* cavallo cavalli cavalo* конь коня лошад* άλογο حصان خيل סוס घोड़ा 马 馬 말을",
  ),
  concept(
    "deer",
    "a stag",
    "deer stag* hirsch* reh cerf* biche* ciervo* cervo* олен* ελάφι غزال אייל हिरण 鹿 사슴",
  ),
  concept(
    "wolf",
    "a wolf",
    "wolf wolves fox foxes wölfe* fuchs loup* renard* lobo* zorro* lupo lupi волк* лис* λύκο* ذئب זאב भेड़िया 狼 늑대 狐狸",
  ),
  concept(
    "cat",
    "a cat",
    "cat cats kitten* katze* kater chat chats gato* gatto gatti кош* кот коты γάτα قطة قط חתול बिल्ली 猫 고양이",
  ),
  concept(
    "owl",
    "an owl",
    "owl owls eule* uhu* hibou* chouette* búho* lechuza* gufo gufi civett* coruj* сов* филин* κουκουβάγι* بومة ינשוף उल्लू 猫头鹰 梟 フクロウ 올빼미 부엉이",
  ),
  concept(
    "dog",
    "a dog",
    "dog dogs puppy puppies hund hunde hündin chien* perro* cane cani cão cães cachorr* собак* пёс пса σκύλο* كلب כלב कुत्ता 狗 犬 개가",
  ),
  concept(
    "rabbit",
    "a rabbit",
    "rabbit* hare hares bunny kaninchen hase* lapin* lièvre* conejo* liebre* conigli* lepre coelho* заяц зайц* кролик* λαγό* أرنب ארנב खरगोश 兔 兎 うさぎ 토끼",
  ),
  concept(
    "bird",
    "birds",
    "bird* crow crows raven* swan* dove* eagle* vogel vögel* rabe* schwan* oiseau* corbeau* cygne* pájaro* ave aves uccell* pássaro* птиц* ворон* лебед* πουλί* πουλιά طائر طيور עורב ציפור ציפורים पक्षी चिड़िया 鸟 鳥 새가 새들",
  ),
  concept(
    "whale",
    "a whale",
    "whale* wal wale baleine* ballena* balena* baleia* кит киты φάλαινα حوت לווייתן व्हेल 鲸鱼 鲸 鯨 クジラ 고래",
  ),
  concept(
    "fish",
    "fishes",
    "fish* fisch* poisson* pez peces pesce pesci peixe* рыб* ψάρι* سمك سمكة דג דגים मछली 鱼 魚 물고기",
  ),
  concept(
    "butterfly",
    "butterflies",
    "butterfl* moth moths schmetterling* papillon* mariposa* farfall* borboleta* бабочк* πεταλούδα فراشة פרפר तितली 蝴蝶 蝶 나비",
  ),
  concept(
    "elephant",
    "an elephant",
    "elephant* elefant* éléphant* слон* ελέφαντα* فيل פיל हाथी 大象 象 코끼리",
  ),
  // More animals, and things.
  concept("bear", "a bear", "bear bears grizzly bär bären bärin ours oso osos orso orsi urso медвед* 熊 곰"),
  concept(
    "lion",
    "a lion",
    "lion lions lioness tiger* löwe* lions leon león leones tigre* leone leoni leão лев льва львы тигр* أسد אריה 狮子 ライオン 虎",
  ),
  concept(
    "cow",
    "a cow",
    "cow cows bull bulls ox oxen kuh kühe stier* vache* taureau* vaca* toro* mucca mucche vacca коров* 牛",
  ),
  concept(
    "sheep",
    "a sheep",
    "sheep lamb lambs goat* schaf schafe lamm ziege* mouton* agneau* chèvre* oveja* cordero* cabra* pecora pecore овц* 羊",
  ),
  concept(
    "mouse",
    "a mouse",
    "mouse mice rat rats maus mäuse ratte* souris ratón ratones rata* topo topi мыш* крыс* 老鼠 ネズミ",
  ),
  concept("turtle", "a turtle", "turtle* tortoise* schildkröte* tortue* tortuga* tartaruga* черепах* 龟 亀"),
  concept(
    "snake",
    "a snake",
    "snake* serpent* schlange* vipère* serpiente* culebra* vibora cobra* serpe serpi зме* ثعبان נחש 蛇 뱀",
  ),
  concept(
    "spider",
    "a spider",
    "spider* spinne spinnen araignée* araña* ragno ragni aranha* паук* عنكبوت עכביש 蜘蛛 거미",
  ),
  concept(
    "car",
    "a car",
    "car cars taxi* automobile* auto autos wagen voiture* coche* macchina carro carros автомобил* машин* سيارة מכונית 汽车 車 자동차",
  ),
  concept("bus", "a bus", "bus buses busse autobus* autobús bondinho автобус* 公交车 バス"),
  concept(
    "train",
    "a train",
    "train trains locomotive* railway* zug züge zuges eisenbahn* lokomotive* tren trenes treno treni trem trens поезд* قطار רכבת 火车 列車 電車 기차",
  ),
  concept(
    "airplane",
    "an airplane",
    "airplane* aeroplane* plane planes helicopter* flugzeug* hubschrauber* avion avions avión aviones aereo aerei avião самолёт* самолет* طائرة מטוס 飞机 飛行機 비행기",
  ),
  concept(
    "bicycle",
    "a bicycle",
    "bicycle* bike bikes fahrrad* fahrräder* vélo* bicyclette* bicicleta* bicicletta велосипед* 自行车 自転車",
  ),
  concept(
    "table",
    "a table",
    "table tables desk desks tisch tische tisches mesa mesas tavolo tavoli tavola стол столе стола 桌子 テーブル",
  ),
  concept(
    "chair",
    "a chair",
    "chair chairs armchair* throne* stuhl stühle sessel thron chaise* fauteuil* silla* trono sedia sedie cadeira* стул* кресл* 椅子",
  ),
  concept(
    "piano",
    "a piano",
    "piano pianos klavier* flügel pianoforte* фортепиано рояль пианино 钢琴 ピアノ",
  ),
  concept(
    "violin",
    "a violin",
    "violin* fiddle* cello* geige* violine* bratsche* violon* violino violini скрипк* كمان כינור 小提琴 バイオリン",
  ),
  concept(
    "gun",
    "a gun",
    "gun guns pistol* rifle* revolver* gewehr* pistole* fusil* pistolet* pistola* fucile* escopeta* espingarda* пистолет* ружь* مسدس אקדח 枪 銃 총",
  ),
  concept(
    "dress",
    "a dress",
    "dress dresses gown* skirt* kleid kleider kleides robe robes vestido* vestito vestiti abito платье платья فستان שמלה 裙子 ドレス",
  ),
  concept(
    "doll",
    "a doll",
    "doll dolls puppet* teddy puppe puppen poupée* muñeca* bambola bambole boneca* кукл* دمية בובה 娃娃 人形 인형",
  ),
  concept(
    "hair",
    "long hair",
    "hair hairs braid* haar haare haaren zopf zöpfe cheveu* tresse* cabello* capelli cabelo* волос* شعر שיער 头发 髪 머리카락",
  ),
  concept(
    "camel",
    "a camel",
    "camel camels dromedar* kamel kamele kamelen chameau* camello* cammell* camelo* верблю* جمل גמל ऊंट 骆驼 ラクダ 낙타",
  ),
  concept(
    "frog",
    "a frog",
    "frog frogs toad toads frosch frösche fröschen kröte* grenouille* crapaud* rana ranas rane rospo sapo* лягуш* жаб* ضفدع צפרדע मेंढक 青蛙 蛙 개구리",
  ),
  concept(
    "dragon",
    "a dragon",
    "dragon dragons drache drachen drago draghi dragón dragones dragão dragões дракон* تنين דרקון अजगर 龙 龍 竜 용이",
  ),
  concept(
    "bee",
    "bees",
    "bee bees wasp wasps bumblebee* biene bienen wespe* hummel* abeille* guêpe* abeja* avispa* ape api abelha* vespa* пчел* пчёл* نحلة דבורה मधुमक्खी 蜜蜂 蜂 꿀벌",
  ),
  concept(
    "sunflower",
    "sunflowers",
    "sunflower* sonnenblume* tournesol* girasol* girasole girasoli подсолнух* 向日葵 ひまわり 해바라기",
  ),
  concept(
    "suitcase",
    "a suitcase",
    "suitcase* luggage trunk trunks koffer* valise* maleta* valigia valigie mala malas чемодан* 行李箱",
  ),
  concept(
    "apple",
    "an apple",
    "apple apples apfel äpfel pomme pommes manzana* mela mele maçã* яблок* تفاحة תפוח 苹果 りんご 사과",
  ),
  concept(
    "orange",
    "an orange fruit",
    "orange oranges orangen apfelsine* naranja naranjas laranja laranjas апельсин*",
  ),
  concept("pear", "a pear", "pear pears birne birnen poire* pera peras pere груш* 梨"),
  concept("banana", "a banana", "banana* banane* plátano* банан* 香蕉 バナナ 바나나"),
  concept(
    "lemon",
    "a lemon",
    "lemon lemons zitrone* citron* limón limones limone limoni limão лимон* 柠檬 レモン",
  ),
  concept(
    "cherry",
    "cherries",
    "cherry cherries kirsche kirschen cerise* cereza* ciliegi* cereja* вишн* 樱桃 さくらんぼ",
  ),
  concept(
    "grape",
    "a bunch of grapes",
    "grape grapes weintraube* traube trauben raisin* uva uvas виноград* 葡萄 ぶどう",
  ),
  concept(
    "strawberry",
    "a strawberry",
    "strawberr* erdbeere* fraise* fresa* fragol* morango* клубник* 草莓 いちご",
  ),
  concept(
    "melon",
    "a melon",
    "melon* watermelon* pumpkin* kürbis* melone* citrouille* sandía* calabaza* zucca арбуз* тыкв* 西瓜 南瓜",
  ),
  concept(
    "peach",
    "a peach",
    "peach peaches plum plums apricot* pfirsich* pflaume* aprikose* pêche* prune* melocot* ciruela* pesca pesche персик* 桃",
  ),
  concept("tomato", "a tomato", "tomato* tomate* pomodor* помидор* 番茄 トマト"),
  concept(
    "mushroom",
    "a mushroom",
    "mushroom* toadstool* pilz pilze pilzen champignon* seta setas hongo* fungo funghi гриб* 蘑菇 きのこ 버섯",
  ),
  concept(
    "bread",
    "a loaf of bread",
    "bread loaf cake cakes brot brote kuchen pain gâteau* pan pastel pane torta pão хлеб* خبز לחם 面包 パン 빵",
  ),
  concept("egg", "an egg", "egg eggs ei eier œuf* oeuf* huevo* uovo uova ovo ovos яйцо яйца 鸡蛋 卵"),
  concept(
    "ball",
    "a ball",
    "ball balls bälle balle balles pelota* palla palle bola bolas мяч* كرة כדור 球 ボール",
  ),
  concept(
    "coin",
    "golden coins",
    "coin coins money geld münze* argent monnaie dinero moneda* soldi moneta monete dinheiro moeda* деньги монет* 钱 お金 돈",
  ),
  concept(
    "ring",
    "a golden ring",
    "ring rings ringe bague* anneau* anillo* anello anelli anel кольцо кольца 戒指 指輪",
  ),
  concept("crown", "a crown", "crown crowns krone kronen couronne* corona coroa корон* 王冠"),
  concept(
    "tooth",
    "teeth",
    "tooth teeth zahn zähne zähnen dent dents diente* dente denti dentes зуб* أسنان שיניים 牙 歯 이빨",
  ),
  concept(
    "shoe",
    "a shoe",
    "shoe shoes boot boots schuh schuhe schuhen stiefel chaussure* botte* zapato* bota botas scarpa scarpe sapato* туфл* ботин* сапог* 鞋 靴 신발",
  ),
  concept("hat", "a hat", "hat hats hut hüte chapeau* sombrero* cappello cappelli chapéu* шляп* 帽子 모자"),
  concept(
    "telephone",
    "a telephone",
    "phone phones telephone* telefon* handy téléphone* teléfono* telefono* телефон* هاتف טלפון 电话 電話 전화",
  ),
  concept(
    "blade",
    "a blade",
    "knife knives sword* dagger* messer schwert* dolch* couteau* épée* cuchillo* espada* coltello coltelli spada faca нож* меч* 刀 剣 칼",
  ),
  // What they do.
  concept(
    "flying",
    "someone flying",
    "fly flies flew flying flight soar* float* hover* glid* flieg* flog flogen schweb* vole* volai* voler volant plan* vuel* volar volaba* volé volav* volare volo voa* voar лет* лечу полёт* πετο* πετάω πετούσ* أطير طير طيران يطير לעוף עפתי עף उड़* 飞 飛 날고 날아",
  ),
  concept(
    "falling",
    "someone falling",
    "fall falls fell falling plunge* fallen fiel stürz* tomb* chut* cae* caía* caer cad* cai* caindo пада* упал* πέφτ* έπεσα سقط أسقط נפל נפלתי गिर* 坠 掉下 落ち 떨어",
  ),
  concept(
    "walking",
    "someone walking",
    "walk* wander* stroll* travel* path road journey* tarried lighted geh* ging gingen lief wander* weg march* marche* chemin* camin* anda* camm* strada* шёл шла иду иди* дорог* περπατ* أمشي مشى طريق הלכתי דרך चल* रास्ता 走 散步 歩 道 걷 걸어 길을",
  ),
  concept(
    "running",
    "someone running away",
    "run runs ran running rush* flee* fled chas* escap* renn* rannte* flieh* floh courir couru* cours courais courait fuir fuy* correr corro corre corren corría* corrí corriendo corsi corse correv* corrend* huí* huir* scapp* fugg* fug* бега* беж* бег убега* τρέχ* έτρεχ* أركض ركض هرب רץ רצתי ברח भाग* दौड़* 跑 逃 追 走っ 달리 달려 도망",
  ),
  concept(
    "kneeling",
    "someone kneeling",
    "kneel* knelt pray* knie* bete* agenou* prie* arrodill* rez* inginocchi* preg* ajoelh* колен* моли* γονατ* راكع يصلي כורע התפלל घुटने प्रार्थना 跪 祈 무릎 기도",
  ),
  concept(
    "sleeping",
    "someone asleep",
    "sleep* slept asleep lay lie lies lying schlaf* schlief* dorm* durm* спал* спит спать κοιμ* نائم أنام ישן ישנתי सो* 睡 眠 잠",
  ),
  concept(
    "climbing",
    "someone climbing",
    "climb* ascend* descend* kletter* stieg* steig* grimp* mont* escal* trep* sub* sali* arrampic* subi* подним* взбир* лез* σκαρφ* ανέβ* تسلق صعد تصعد يصعد أصعد טיפס עלה चढ़* 爬 登 攀 오르 올라",
  ),
  concept(
    "swimming",
    "someone swimming",
    "swim* swam schwimm* schwamm nage* nadar nadab* nada nuot* nadando плыв* плав* κολυμπ* أسبح سباحة שחיתי שחה तैर* 游泳 游 泳 수영 헤엄",
  ),
  concept(
    "dancing",
    "someone dancing",
    "danc* tanz* danse* dansa* dansi* baila* bailo* bailé ballo balla ballano ballando ballav* ballar* danç* танц* χορ* رقص أرقص רקד רקדתי नाच* 跳舞 舞 踊 춤",
  ),
  concept(
    "waiting",
    "someone waiting",
    "wait* stood standing stand wart* stand stehen attend* esper* aspett* ждал* жду стоя* περίμεν* ينتظر تنتظر انتظر חיכ* מחכה इंतज़ार 等 待 기다리",
  ),
  concept(
    "sitting",
    "someone sitting",
    "sit sits sat sitting sitz* saß assis* sentad* sedut* sentou сиде* καθ* جالس يجلس ישב יושב बैठ* 坐 앉",
  ),
  // How it is.
  concept(
    "vision",
    "a vision that glows in the dark",
    "vision* imagin* mystery wunder* visión* visione* visão видени* όραμα رؤيا חזון दृष्टि 幻 異象 환상",
  ),
  concept(
    "life",
    "the first sign of life",
    "life alive leben* lebendig* vie vivant* vida vivo* vita жизн* жив* ζωή حياة חיים जीवन 生命 生きて 생명",
  ),
  concept(
    "terror",
    "dread",
    "terror* terrif* horror* fright* fear* afraid scream* nightmare* dark darkness shadow* odious angst* furcht* schreck* albtraum* dunkel* schatten* peur* horreur* cauchemar* ombre* miedo* terrible pesadilla* oscur* sombra* paura* orrore incubo buio medo* pesadelo* escur* страх* ужас* кошмар* темн* тень тени φόβο* εφιάλτη* σκοτάδι خوف كابوس ظلام פחד סיוט חושך डर अंधेरा 恐 噩梦 黑暗 怖 闇 悪夢 무서 악몽 어둠",
  ),
  concept(
    "joy",
    "gladness",
    "joy* laugh* happy happi* smil* freud* lach* glück* joie* heureu* rire* alegr* feliz risa gioia felic* riso alegria ради* счаст* смея* χαρά γέλ* فرح سعيد ضحك שמח* צחק* खुशी 快乐 笑 喜 嬉 기쁨 웃",
  ),
  concept(
    "love",
    "tenderness",
    "love* kiss* embrac* lieb* kuss umarm* amour* aim* bais* amor* bes* abraz* amore baci* amo beij* люб* целов* αγάπη φιλ* حب أحب אהב* नेह प्यार 爱 愛 吻 사랑",
  ),
  concept(
    "green",
    "green",
    "green grün* vert verte verde* зелён* зелен* πράσιν* أخضر خضراء ירוק हरा हरी 绿 緑 초록",
  ),
  concept(
    "red",
    "red",
    "red rot rote roten rouge* rojo roja rosso rossa vermelh* красн* κόκκιν* أحمر حمراء אדום लाल 红 赤 빨간",
  ),
  concept(
    "golden",
    "golden",
    "gold golden goldene* doré* dorad* dorato dourad* золот* χρυσ* ذهب ذهبي זהב सोना सुनहरा 金 금색",
  ),
  // When.
  concept(
    "night",
    "night",
    "night* midnight nacht* mitternacht nuit* minuit noche* notte* noite* ноч* νύχτα ليل الليل ليلة לילה रात 夜 밤",
  ),
  concept(
    "dusk",
    "dusk",
    "dusk evening* sunset* twilight* abend* dämmer* soir* crépuscule* tarde atardecer* ocaso sera tramonto entardecer* anoitec* вечер* закат* ηλιοβασίλεμα βράδυ مساء غروب ערב שקיעה शाम 黄昏 傍晚 夕 저녁 노을",
  ),
  concept(
    "dawn",
    "dawn",
    "dawn* morning* sunrise* morgen* sonnenaufgang aube matin* amanecer mañana alba mattin* amanhecer manhã утр* рассвет* αυγή πρωί فجر صباح בוקר שחר सुबह भोर 早晨 黎明 朝 새벽 아침",
  ),
  concept(
    "day",
    "day",
    "day daylight noon sunny tag tage tags mittag* jour midi día mediodía giorno mezzogiorno meio-dia день дня полдень μέρα μεσημέρι نهار ظهر יום צהריים दिन दोपहर 白天 昼 낮에",
  ),
  concept(
    "sun",
    "the sun",
    "sun sunlight sonne* soleil* sol sole солнц* ήλιο* شمس الشمس שמש सूरज सूर्य 太阳 太陽 해가 햇",
  ),
];
