"""What hospital paper talks about: invented findings, plans and products, in the words of the trade."""

from __future__ import annotations

from random import Random

DIAGNOSES = (
    ("Type 2 diabetes mellitus", "E11.9"),
    ("Essential hypertension", "I10"),
    ("Community acquired pneumonia", "J18.9"),
    ("Acute appendicitis", "K35.80"),
    ("Chest pain, unspecified", "R07.9"),
    ("Atrial fibrillation", "I48.91"),
    ("Low back pain", "M54.50"),
    ("COPD with acute exacerbation", "J44.1"),
    ("Urinary tract infection", "N39.0"),
    ("Cholelithiasis", "K80.20"),
    ("Osteoarthritis, right knee", "M17.11"),
    ("Migraine without aura", "G43.009"),
    ("Closed fracture, left distal radius", "S52.502A"),
    ("Iron deficiency anemia", "D50.9"),
    ("Cellulitis of leg", "L03.116"),
)
MEDICATIONS = (
    "Metformin 500 mg PO BID",
    "Lisinopril 10 mg PO daily",
    "Atorvastatin 40 mg PO at bedtime",
    "Albuterol HFA 2 puffs q4h PRN",
    "Amoxicillin 500 mg PO TID x 7 days",
    "Warfarin 5 mg PO daily",
    "Omeprazole 20 mg PO daily",
    "Gabapentin 300 mg PO TID",
    "Levothyroxine 75 mcg PO daily",
    "Furosemide 40 mg PO daily",
    "Acetaminophen 650 mg PO q6h PRN",
    "Sertraline 50 mg PO daily",
)
TESTS = (
    ("WBC", 4.5, 11.0, "K/uL"),
    ("RBC", 4.2, 5.9, "M/uL"),
    ("Hemoglobin", 12.0, 17.5, "g/dL"),
    ("Hematocrit", 36.0, 50.0, "%"),
    ("MCV", 80, 100, "fL"),
    ("Platelet Count", 150, 400, "K/uL"),
    ("Glucose", 70, 99, "mg/dL"),
    ("BUN", 7, 20, "mg/dL"),
    ("Creatinine", 0.6, 1.3, "mg/dL"),
    ("eGFR", 60, 120, "mL/min"),
    ("Sodium", 136, 145, "mmol/L"),
    ("Potassium", 3.5, 5.1, "mmol/L"),
    ("Chloride", 98, 107, "mmol/L"),
    ("CO2", 22, 29, "mmol/L"),
    ("Calcium", 8.6, 10.3, "mg/dL"),
    ("Total Protein", 6.0, 8.3, "g/dL"),
    ("Albumin", 3.5, 5.2, "g/dL"),
    ("Bilirubin, Total", 0.2, 1.2, "mg/dL"),
    ("ALT (SGPT)", 7, 56, "U/L"),
    ("AST (SGOT)", 10, 40, "U/L"),
    ("TSH", 0.4, 4.5, "uIU/mL"),
    ("Hemoglobin A1c", 4.0, 5.6, "%"),
)
STUDIES = (
    (
        "XR CHEST 2 VIEWS",
        (
            "The lungs are clear without focal consolidation, effusion or pneumothorax.",
            "The cardiomediastinal silhouette is within normal limits.",
            "No acute osseous abnormality.",
        ),
        "No acute cardiopulmonary process.",
    ),
    (
        "CT ABDOMEN AND PELVIS W CONTRAST",
        (
            "The liver, spleen, pancreas and adrenal glands are unremarkable.",
            "The appendix is dilated to 11 mm with periappendiceal fat stranding.",
            "No free air. Small volume free fluid in the pelvis.",
        ),
        "Findings consistent with acute uncomplicated appendicitis.",
    ),
    (
        "MRI LUMBAR SPINE WO CONTRAST",
        (
            "Vertebral body heights are maintained.",
            "At L4-L5 there is a broad based disc bulge with mild bilateral foraminal narrowing.",
            "The conus terminates at L1 and is normal in signal.",
        ),
        "Mild degenerative change, most pronounced at L4-L5.",
    ),
    (
        "US RIGHT UPPER QUADRANT",
        (
            "Multiple mobile echogenic foci with posterior shadowing within the gallbladder.",
            "No gallbladder wall thickening. Sonographic Murphy sign is negative.",
            "The common bile duct measures 4 mm.",
        ),
        "Cholelithiasis without sonographic evidence of cholecystitis.",
    ),
    (
        "XR WRIST LEFT 3 VIEWS",
        (
            "There is a transverse fracture of the distal radius with mild dorsal angulation.",
            "The ulnar styloid is intact.",
            "Soft tissue swelling is present.",
        ),
        "Distal radius fracture as described.",
    ),
)
COURSE = (
    "The patient was admitted to the medical floor and started on intravenous fluids and antibiotics.",
    "Serial examinations remained reassuring and the white count trended down.",
    "Cardiology was consulted and recommended rate control with oral medication.",
    "Blood cultures drawn in the emergency department showed no growth at 48 hours.",
    "Physical therapy evaluated and cleared for discharge home with a walker.",
    "Diet was advanced as tolerated and pain was controlled with oral medication.",
    "Home oxygen was not required; saturation stayed above 94 percent on room air.",
    "The remainder of the hospital stay was uncomplicated.",
    "A repeat chest film obtained on the second day showed interval improvement.",
    "Glucose was managed with sliding scale insulin and remained below 180.",
    "The electrocardiogram showed normal sinus rhythm at 82 without acute ST or T wave changes.",
    "Creatinine peaked at 1.6 on the second day and returned to baseline with hydration.",
    "An echocardiogram demonstrated preserved ejection fraction of 55 to 60 percent and mild mitral regurgitation.",
    "The case manager met with the family and arranged home health nursing twice weekly.",
    "Antibiotics were changed to an oral regimen on the third hospital day to complete a ten day course.",
    "Troponin was negative on three successive draws and telemetry was discontinued.",
    "Deep venous thrombosis prophylaxis was given with subcutaneous heparin throughout.",
    "The wound was clean, dry and intact at the time of discharge, without erythema or drainage.",
    "Review of systems is otherwise negative for fever, chills, weight loss or night sweats.",
    "On examination the lungs had scattered crackles at the right base; the heart was regular without murmur.",
    "The abdomen was soft with mild tenderness in the right lower quadrant and no rebound or guarding.",
    "Extremities were warm and well perfused with trace ankle edema bilaterally.",
    "Neurologic examination was nonfocal, with strength 5/5 throughout and intact sensation.",
    "Allergies were reviewed and reconciled with the outpatient pharmacy list from 2024.",
    "Smoking cessation was discussed for more than three minutes and nicotine patches were offered.",
    "Nutrition services recommended a two gram sodium, carbohydrate consistent diet.",
)
COMPLAINTS = (
    "chest tightness since yesterday evening",
    "abdominal pain with nausea and vomiting",
    "shortness of breath on exertion",
    "a fall from standing height at home",
    "fever and productive cough for four days",
    "dizziness and palpitations",
    "worsening low back pain radiating to the left leg",
    "redness and swelling of the lower leg",
)
PAYERS = (
    "Buckeye Mutual Health",
    "Evergreen PPO",
    "Keystone Community Plan",
    "Medicare Part B",
    "Lakeland Employers Trust",
    "Midwest Carpenters Health Fund",
)
PROCEDURES = (
    "Laparoscopic cholecystectomy",
    "Colonoscopy with possible biopsy",
    "Right total knee arthroplasty",
    "Laparoscopic appendectomy",
    "Open reduction and internal fixation, left wrist",
    "Cataract extraction with lens implant, right eye",
)


def sentences(rng: Random, count: int) -> str:
    """Some of a hospital stay, in order of drawing."""
    return " ".join(rng.sample(COURSE, min(count, len(COURSE))))


def result(rng: Random, low: float, high: float) -> tuple[str, str]:
    """A value and its flag (L, H or blank)."""
    places = 0 if high >= 60 and low >= 7 else 1
    spread = (high - low) or 1
    value = rng.uniform(low - spread * 0.25, high + spread * 0.25)
    value = max(value, low * 0.5)
    flag = "L" if value < low else "H" if value > high else ""
    return f"{value:.{places}f}", flag
